import { describe, expect, it } from 'vitest';
import { StartError } from '../../src/contract/index.ts';
import { AGENT, load, mistakesIn } from './fixture.ts';

describe('mistakes', () => {
  it('are told all at once, each with its place, what was found and what is allowed', async () => {
    const mistakes = await mistakesIn(`
gatway: {}
gateway:
  host: [1]
  port: 99999
log: { level: inof }
sessions: { idle_timeout: 1x, max_live: 1.5 }
channels:
  Bad Name: { type: page }
  pigeon:
    tokne: "\${MISSING}"
    poll: "3"
    api_root: nowhere
    dm_policy: allowlist
    agent: defualt
    coop: { dors: 1 }
  pigoen: {}
  other: { type: pgae, token: "\${file:nothing.txt}" }
agents:
  default: { type: parot }
  silent: {}
`);
    expect(mistakes).toEqual([
      'test.yaml:2:1: gatway: unknown key, allowed here: gateway, data_dir, language, log, sessions, turns, attachments, reconnect, retention, owner, identity, channels, agents; did you mean gateway?',
      'test.yaml:4:9: gateway.host: found a list, must be a text',
      'test.yaml:5:9: gateway.port: found 99999, must be a whole number from 0 to 65535',
      'test.yaml:6:15: log.level: found "inof", must be one of debug, info, warn, error; did you mean info?',
      'test.yaml:7:27: sessions.idle_timeout: found "1x", must be a duration such as 500ms, 30s, 10m, 1h or 1d (or a number of seconds), above 0 and up to 24d',
      'test.yaml:7:41: sessions.max_live: found 1.5, must be a whole number from 1 upwards',
      'test.yaml:9:3: channels."Bad Name": a name is made of a-z, 0-9, - and _, and begins with a letter or a digit',
      'test.yaml:10:3: channels.pigeon.token: missing, must be a text',
      'test.yaml:11:5: channels.pigeon.tokne: unknown key, allowed here: token, api_root, poll, quiet, coop, pass_key, color, type, enabled, agent, agent_for, dm_policy, allow_from, tell_strangers, group_policy, require_mention, groups, catch_up, loop_limit, while_busy, collect_for, context, on_unknown, expire_after, rate_limits; did you mean token?',
      `test.yaml:11:12: channels.pigeon.tokne: the environment variable MISSING is not set; set it, or write \${MISSING:-default}`,
      'test.yaml:12:11: channels.pigeon.poll: found "3", must be a whole number from 1 to 50',
      'test.yaml:13:15: channels.pigeon.api_root: found "nowhere", must be a URL such as https://example.org',
      'test.yaml:14:16: channels.pigeon.dm_policy: found "allowlist", but allow_from names nobody; list the ids of senders there',
      'test.yaml:15:12: channels.pigeon.agent: found "defualt", agents are: default, silent; did you mean default?',
      'test.yaml:16:13: channels.pigeon.coop.dors: unknown key, allowed here: doors; did you mean doors?',
      'test.yaml:17:3: channels.pigoen: this is not the name of a type, so it needs a key "type", types are: pigeon, page; did you mean pigeon?',
      'test.yaml:18:18: channels.other.type: there is no type "pgae", types are: pigeon, page; did you mean page?',
      'test.yaml:18:31: channels.other.token: the file nothing.txt cannot be read: there is no such file',
      'test.yaml:20:20: agents.default.type: there is no type "parot", types are: parrot; did you mean parrot?',
      'test.yaml:21:3: agents.silent.type: missing, must be a type of agent, such as echo or llm',
    ]);
  });

  it('end the process with 78, as a sentence and a hint', async () => {
    const error: unknown = await load('agents: {}').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartError);
    expect(error).toMatchObject({ exitCode: 78, hint: expect.stringContaining('check --config') });
  });

  it.each([
    ['a:b', 'test.yaml:1:1: found "a:b", must be a group of keys (gateway, '],
    ['- a', 'test.yaml:1:1: found a list, must be a group of keys'],
    ['', 'test.yaml:1:1: agents: at least one agent is needed'],
    ['# only a comment', 'test.yaml:1:1: agents: at least one agent is needed'],
    ['agents:\n', 'test.yaml:1:1: agents: at least one agent is needed'],
  ])('of a file that holds %j', async (yaml, told) => {
    expect((await mistakesIn(yaml)).join('\n')).toContain(told);
  });

  it.each([
    ['gateway: { port: 1', '1:19', 'a bracket is not closed'],
    ['agents: { default: { type: parrot } }\ngateway:\n\tport: 1', '3:1', 'a tab cannot indent; use spaces'],
    ['gateway:\n    port: 1\n  host: a', '3:1', 'the indentation is uneven'],
    ['data_dir: @home', '1:11', 'a text cannot begin with @ or `'],
    ['a: 1\n---\nb: 2', '2:1', 'the file must hold a single document'],
    [`${AGENT}data_dir: !!js/function x`, '2:11', 'tags (words that begin with !) mean nothing here'],
    [`${AGENT}data_dir: *nobody`, '2:11', 'anchor'],
    [`gateway: [\${HOST}]`, '1:12', 'a variable needs quotes'],
  ])('of the YAML itself: %j', async (yaml, place, told) => {
    const [first] = await mistakesIn(yaml);
    expect(first).toContain(`test.yaml:${place}: `);
    expect(first).toContain(told);
  });

  it('of a key that stands twice', async () => {
    expect(await mistakesIn(`${AGENT}log: {}\nlog: {}`)).toEqual([
      'test.yaml:3:1: log: this key stands here twice; keep one of them',
    ]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('of the key %s, which changes nothing', async (key) => {
    const [first] = await mistakesIn(`${AGENT}channels: { ${key}: { polluted: true } }`);
    expect(first).toBe(`test.yaml:2:13: channels.${key}: this word cannot be a key`);
    expect({}).not.toHaveProperty('polluted');
  });

  it('of aliases that multiply', async () => {
    const lines = ['a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]'];
    for (let level = 1; level < 9; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
    }
    expect((await mistakesIn(lines.join('\n'))).join('\n')).toContain('more than 10000 values');
  });

  it('of an alias that holds itself', async () => {
    expect((await mistakesIn('gateway: &a { host: *a }')).join('\n')).toContain(
      'an alias must not contain itself',
    );
  });

  it('of a file that cannot be read', async () => {
    const { loadConfig } = await import('../../src/config/index.ts');
    const registries = { channelTypes: {}, agentTypes: {}, env: {} };
    for (const [file, told] of [
      [
        '/nowhere/at-all.yaml',
        'The configuration /nowhere/at-all.yaml cannot be read: there is no such file.',
      ],
      ['/', 'The configuration / cannot be read: it is a folder.'],
    ] as const) {
      await expect(loadConfig(file, registries)).rejects.toMatchObject({
        name: 'StartError',
        message: told,
        exitCode: 78,
        hint: expect.stringContaining('--config'),
      });
    }
  });

  it.each([
    [
      `\${a-b}`,
      `cannot read \${a-b}; allowed are \${NAME}, \${NAME:-default}, \${file:path} and \${credential:name}`,
    ],
    [
      `\${credential:../x}`,
      'the name of a credential is made of letters, digits, "_", "-" and ".", not ../x',
    ],
    [`\${A`, `a "}" is missing after "\${"`],
    [`\${A:-}`, `missing (\${A:-} is empty), must be a text`],
  ])('of the variable %s', async (variable, told) => {
    expect((await mistakesIn(`${AGENT}channels:\n  pigeon:\n    token: ${variable}`))[0]).toContain(told);
  });

  it('never show a secret', async () => {
    const mistakes = await mistakesIn(
      `${AGENT}
gateway: { port: "\${PORT}" }
channels:
  pigeon:
    token: [hunter22]
    pass_key: hunter22
    api_root: "\${ROOT}"
    color: "//user:hunter22@host"
    poll: \${POLL}
  other: { type: pigeon, token: { a: hunter22 }, api_key: hunter22 }
  third: { type: pigeon, token: abc, color: "bot:hunter22@host" }
`,
      { env: { PORT: 'hunter22', ROOT: 'hunter22', POLL: 'hunter22' } },
    );
    expect(mistakes).toHaveLength(9);
    expect(mistakes.join('\n')).not.toContain('hunter22');
  });

  it('of a channel that is switched off, as far as they do not depend on what is missing', async () => {
    expect(
      await mistakesIn(
        `${AGENT}channels: { pigeon: { enabled: false, api_rot: x, poll: many, token: "\${NOT_SET}" } }`,
      ),
    ).toEqual([
      expect.stringMatching(
        /^test\.yaml:2:39: channels\.pigeon\.api_rot: unknown key, .*did you mean api_root\?$/,
      ),
      'test.yaml:2:57: channels.pigeon.poll: found "many", must be a whole number from 1 to 50',
    ]);
  });

  it('of a text that is empty, or of the wrong length', async () => {
    expect(
      await mistakesIn(`${AGENT}data_dir: ""\nchannels: { page: { title: "a very long title" } }`),
    ).toEqual([
      'test.yaml:2:11: data_dir: found "", must not be empty',
      'test.yaml:3:28: channels.page.title: found "a very long title", must be a text of 0 to 9 characters',
    ]);
  });

  it('of an agent that nobody configured, on a channel that names none', async () => {
    expect(await mistakesIn('agents: { main: { type: parrot } }\nchannels: { page: {} }')).toEqual([
      'test.yaml:2:13: channels.page.agent: missing, and no agent is called default, agents are: main',
    ]);
  });
});
