import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { feishu } from '../../../adapters/feishu/index.ts';

const MINIMAL = { app_id: 'cli_0123456789abcdef', app_secret: 'feishu-test-secret' };

describe('the options', () => {
  it('have defaults', () => {
    expect(feishu.options.parse(MINIMAL)).toEqual({ ...MINIMAL, domain: 'feishu', mode: 'websocket' });
  });

  it.each(['lark', 'https://feishu.example.org', 'http://127.0.0.1:8080'])('take the domain %s', (domain) => {
    expect(feishu.options.safeParse({ ...MINIMAL, domain }).success).toBe(true);
  });

  it.each([
    ['an unknown key', { bot_token: 'x' }],
    ['an App ID that the SDK would silently not take', { app_id: 'cli_1' }],
    ['no secret', { app_secret: '' }],
    ['an address that would carry the secret in the clear', { domain: 'http://feishu.example.org' }],
    ['another kind of address', { domain: 'ftp://feishu.example.org' }],
    ['an unknown mode', { mode: 'polling' }],
    ['webhook keys without webhook mode', { encrypt_key: 'a-key-of-some-length' }],
  ])('do not take %s', (_, more) => {
    expect(feishu.options.safeParse({ ...MINIMAL, ...more }).success).toBe(false);
  });

  it('tell what webhook mode lacks, and not that it is another mode', () => {
    const { error } = feishu.options.safeParse({ ...MINIMAL, mode: 'webhook' });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['encrypt_key', 'verification_token']);
  });

  it('are all described', () => {
    const { oneOf } = z.toJSONSchema(feishu.options, { io: 'input' }) as {
      oneOf: { properties: Record<string, { description?: string }> }[];
    };
    const all = Object.assign(
      {},
      ...oneOf.map(({ properties }) => properties),
    ) as (typeof oneOf)[0]['properties'];
    for (const [key, { description }] of Object.entries(all)) expect(description, key).toBeDefined();
    expect(Object.keys(all)).toHaveLength(6);
  });
});
