import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { channelTypes } from '../../adapters/registry.ts';
import { fieldsOf } from '../../src/setup/fields.ts';
import { yamlOf } from '../../src/setup/yaml.ts';
import { fc } from '../kit/properties.ts';

describe('what is asked about a channel', () => {
  const asked: Record<string, readonly string[]> = {
    discord: ['token'],
    feishu: ['app_id', 'app_secret', 'domain'],
    imessage: ['server_url', 'password'],
    signal: ['http_url', 'account'],
    slack: ['app_token', 'bot_token'],
    telegram: ['token'],
    webchat: [],
    whatsapp: [],
  };

  it.each(Object.keys(channelTypes))('%s', async (name) => {
    const type = await channelTypes[name]?.();
    const fields = type && fieldsOf(type.options);
    expect(fields?.asked.map(({ key }) => key)).toEqual(asked[name]);
    for (const { key, words, secret } of fields?.asked ?? []) {
      expect(words, 'a person can read what it is').toContain(' ');
      expect(secret).toBe(/token|secret|password/.test(key));
    }
    expect(fields?.fixed).toEqual(name === 'slack' ? { mode: 'socket' } : {});
  });
});

it('the YAML says what the answers said, whatever they are', () => {
  const key = fc.stringMatching(/^[a-z][a-z_]{0,9}$/);
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'no',
      'null',
      '+15550100',
      '1e3',
      '0x10',
      '# x',
      'a: b',
      '- a',
      `\${X}`,
      'https://a/b',
      '',
    ),
    fc.integer({ min: 0 }),
    fc.boolean(),
  );
  const values = fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(values, values, fc.integer({ min: 0, max: 65_535 }), (channel, agent, port) => {
      const channels = new Map([
        ['webchat', {}],
        ['some', channel],
      ]);
      const text = yamlOf({ port, dataDir: '/var/lib/a b', channels, agent }, '../schema.json', new Date(0));
      expect(parse(text)).toEqual({
        gateway: { host: '127.0.0.1', port },
        data_dir: '/var/lib/a b',
        channels: { webchat: {}, some: channel },
        agents: { default: agent },
      });
    }),
  );
});
