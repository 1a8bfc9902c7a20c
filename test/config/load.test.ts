import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { AGENT, load, page, parrot } from './fixture.ts';

describe('a configuration', () => {
  it('means the defaults where it says nothing', async () => {
    const config = await load(AGENT);
    expect(config).toMatchObject({
      gateway: { host: '127.0.0.1', port: 18790, allowedHosts: [] },
      log: { level: 'info', format: 'auto' },
      sessions: { maxLive: 50, idleTimeout: 3_600_000, maxWaiting: 200 },
      turns: { maxAttempts: 3, timeout: 600_000 },
      reconnect: { base: 2_000, cap: 300_000 },
      channels: [],
      agents: [{ id: 'default', type: 'parrot', options: { delay: 0 } }],
      secrets: [],
    });
    expect(config.gateway).not.toHaveProperty('token');
    expect(config.dataDir).toMatch(/^\/.*\/data$/);
  });

  it('says everything of a channel', async () => {
    const { channels } = await load(`
agents: { default: { type: parrot }, clever: { type: parrot, delay: 2 } }
channels:
  work-bot:
    type: pigeon
    agent: clever
    dm_policy: allowlist
    allow_from: [bob, 123456789]
    on_unknown: hold
    catch_up: { answer: 2h, note: 1d }
    loop_limit: 5
    while_busy: collect
    collect_for: 5s
    context: { messages: 5 }
    agent_for: { "42": default }
    group_policy: allowlist
    groups: { "-7": { require_mention: false, allow_from: [9] } }
    rate_limits: { direct: { burst: 2, per_second: 0.5 } }
    token: a-token
    poll: 5
  page:
`);
    expect(channels).toEqual([
      {
        id: 'work-bot',
        type: 'pigeon',
        enabled: true,
        agent: 'clever',
        agentFor: new Map([['42', 'default']]),
        access: {
          dmPolicy: 'allowlist',
          allowFrom: ['bob', '123456789'],
          tellStrangers: true,
          groupPolicy: 'allowlist',
          requireMention: true,
          groups: new Map([['-7', { requireMention: false, allowFrom: ['9'] }]]),
          answerWithin: 7_200_000,
          noteWithin: 86_400_000,
          loopLimit: 5,
        },
        whileBusy: 'collect',
        collectFor: 5_000,
        context: { messages: 5, characters: 8_000 },
        onUnknown: 'hold',
        expireAfter: 259_200_000,
        rateLimits: { direct: { burst: 2, perSecond: 0.5 } },
        options: { token: 'a-token', api_root: 'https://pigeon.example', poll: 5, quiet: false },
      },
      {
        id: 'page',
        type: 'page',
        enabled: true,
        agent: 'default',
        agentFor: new Map(),
        access: {
          dmPolicy: 'open',
          allowFrom: [],
          tellStrangers: false,
          groupPolicy: 'known',
          requireMention: true,
          groups: new Map(),
          answerWithin: 86_400_000,
          noteWithin: 604_800_000,
          loopLimit: 20,
        },
        whileBusy: 'followup',
        collectFor: 2_000,
        context: { messages: 30, characters: 8_000 },
        onUnknown: 'resend',
        expireAfter: 259_200_000,
        rateLimits: {},
        options: {},
      },
    ]);
  });

  it.each([
    ['500kB', 500_000],
    ['1.5 MB', 1_500_000],
    ['1GB', 1_000_000_000],
    ['4096', 4096],
  ])('understands the size %s', async (written, bytes) => {
    const { attachments } = await load(`${AGENT}attachments: { max_size: ${written} }`);
    expect(attachments.maxBytes).toBe(bytes);
  });

  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    ['90', 90_000],
    ['0.25', 250],
  ])('understands the duration %s', async (written, ms) => {
    expect((await load(`${AGENT}turns: { timeout: ${written} }`)).turns.timeout).toBe(ms);
  });

  it('is found through a link, and its paths start where it is named', async () => {
    using folder = emptyFolder();
    mkdirSync(join(folder.path, 'real'));
    writeFileSync(join(folder.path, 'real', 'a.yaml'), `${AGENT}data_dir: here\n`);
    symlinkSync(join('real', 'a.yaml'), join(folder.path, 'b.yaml'));
    const config = await loadConfig(join(folder.path, 'b.yaml'), {
      channelTypes: { page: async () => page },
      agentTypes: { parrot: async () => parrot },
      env: {},
    });
    expect(config.dataDir).toBe(join(folder.path, 'here'));
  });

  it('imports no type that it does not use', async () => {
    const imported: string[] = [];
    await load(`${AGENT}channels: { page: {} }`, { imported });
    expect(imported.toSorted()).toEqual(['page', 'parrot']);
  });

  it('may repeat itself by anchors', async () => {
    const { channels } = await load(`${AGENT}
channels:
  pigeon: { token: one-token, coop: &coop { doors: 2 } }
  other: { type: pigeon, token: other-token, coop: *coop }
`);
    expect(channels.map(({ options }) => options)).toMatchObject([
      { coop: { doors: 2 } },
      { coop: { doors: 2 } },
    ]);
  });
});

describe('a channel that is switched off', () => {
  it('needs no variable, no file and no option', async () => {
    const { channels } = await load(`${AGENT}
channels:
  pigeon: { enabled: false, token: "\${NOT_SET}", color: "\${file:missing}" }
  other: { type: pigeon, enabled: false }
  third:
    type: pigeon
    enabled: \${THIRD:-false}
    poll: \${NOT_SET}
`);
    expect(channels.map(({ enabled, options }) => ({ enabled, options }))).toEqual(
      Array.from({ length: 3 }, () => ({ enabled: false, options: undefined })),
    );
  });
});

describe('variables', () => {
  const PIGEON = `${AGENT}channels:\n  pigeon:\n    token: a-token\n`;

  it('come from the environment, with a default for what is not set or empty', async () => {
    const { channels } = await load(`${PIGEON}    api_root: https://\${HOST}/\${PATH_:-a}/\${EMPTY:-b}`, {
      env: { HOST: 'pigeon.test', EMPTY: '' },
    });
    expect(channels[0]?.options).toMatchObject({ api_root: 'https://pigeon.test/a/b' });
  });

  it('come from files beside the configuration, without the last line break', async () => {
    const { channels } = await load(`${AGENT}channels: { pigeon: { token: "\${file:token.txt}" } }`, {
      files: { 'token.txt': 'from-a-file\n' },
    });
    expect(channels[0]?.options).toMatchObject({ token: 'from-a-file' });
  });

  it('are credentials that systemd hands over, or else lie in a folder beside the configuration', async () => {
    const yaml = `${AGENT}channels: { pigeon: { token: "\${credential:pigeon-token}", pass_key: "k\${credential:lock}" } }`;
    using handedOver = emptyFolder();
    writeFileSync(join(handedOver.path, 'pigeon-token'), 'handed over\n');
    const { channels, secrets } = await load(yaml, {
      env: { CREDENTIALS_DIRECTORY: handedOver.path },
      files: { 'credentials/pigeon-token': 'in a file', 'credentials/lock': 'beside it\n' },
    });
    expect(channels[0]?.options).toMatchObject({ token: 'handed over', pass_key: 'kbeside it' });
    expect(secrets).toContain('handed over');
  });

  it('are no variables when a second $ says so', async () => {
    const { channels } = await load(`${AGENT}channels: { pigeon: { token: "$\${NAME}" } }`);
    expect(channels[0]?.options).toMatchObject({ token: `\${NAME}` });
  });

  it('are numbers, booleans and durations where these are due, and texts where a text is', async () => {
    const config = await load(
      `${PIGEON}    poll: \${POLL}\n    quiet: \${QUIET}\n    color: \${COLOR:-#1}\nsessions:\n  max_live: \${MAX:-7}\n  idle_timeout: \${IDLE}`,
      { env: { POLL: '12', QUIET: 'true', IDLE: '2m' } },
    );
    expect(config.channels[0]?.options).toMatchObject({ poll: 12, quiet: true, color: '#1' });
    expect(config.sessions).toEqual({ maxLive: 7, idleTimeout: 120_000, maxWaiting: 200 });

    const digits = await load(
      `${AGENT}channels:\n  pigeon:\n    token: \${T}\n    allow_from:\n      - \${ID}`,
      {
        env: { T: '0123456789', ID: '98765432109876543210' },
      },
    );
    expect(digits.channels[0]?.options).toMatchObject({ token: '0123456789' });
    expect(digits.channels[0]?.access.allowFrom).toEqual(['98765432109876543210']);
  });

  it('that are empty count as not written', async () => {
    const { gateway } = await load(`${AGENT}gateway:\n  token: \${TOKEN:-}\n  host: \${HOST:-}`, {
      env: { HOST: '' },
    });
    expect(gateway).toEqual({ host: '127.0.0.1', port: 18790, allowedHosts: [] });
  });
});

describe('secrets', () => {
  it('are what came from outside, and what stands under the key of a secret', async () => {
    const { secrets } = await load(
      `${AGENT}
gateway: { token: "literal-token", host: "\${HOST}" }
channels:
  pigeon: { token: "bot \${TOKEN}", api_root: "https://\${file:host}/\${NAME:-plain-default}", color: "#abcdefgh" }
  off: { type: pigeon, enabled: false, token: "other-\${TOKEN}-\${MISSING:-x}" }
`,
      { env: { TOKEN: 'from-the-env', HOST: '127.0.0.1' }, files: { host: 'from.a.file' } },
    );
    expect(secrets.toSorted()).toEqual([
      'bot from-the-env',
      'from-the-env',
      'from.a.file',
      'literal-token',
      'other-from-the-env-x',
    ]);
  });

  it('are also the passwords of addresses, and what stands in the path of an address from outside', async () => {
    const { secrets } = await load(
      `${AGENT}
channels:
  pigeon: { token: abcdefgh, api_root: "https://bot:pass%20word@a.example/a-word-of-its-api" }
  other: { type: pigeon, token: abcdefgh, api_root: "\${ROOT}" }
`,
      { env: { ROOT: 'https://a.example/v1/a-long-secret?key=another-secret' } },
    );
    expect(secrets.toSorted()).toEqual([
      'a-long-secret',
      'abcdefgh',
      'another-secret',
      'bot:pass word',
      'https://a.example/v1/a-long-secret?key=another-secret',
      'pass word',
      'pass%20word',
    ]);
  });

  it('are not so short that innocent words hold them', async () => {
    const { secrets } = await load(`${AGENT}channels: { pigeon: { token: "12345" } }`);
    expect(secrets).toEqual([]);
  });
});
