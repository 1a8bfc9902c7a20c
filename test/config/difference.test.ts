import { expect, test } from 'vitest';
import { differenceOf, taken } from '../../src/config/index.ts';
import { AGENT, load } from './fixture.ts';

const BEFORE = `${AGENT}channels:
  home: { type: pigeon, token: one-token }
  away: { type: pigeon, token: two-token, rate_limits: { direct: { burst: 1, per_second: 1 } } }
  old: { type: page }
  off: { type: page, enabled: false }
`;

const NOTHING = {
  channels: { added: [], removed: [], reconnected: [], adjusted: [] },
  agents: { added: [], removed: [], changed: [] },
  settings: [],
  afterRestart: [],
};

test('the same, written in another way, is no difference', async () => {
  const file = (await load(BEFORE)).file;
  const now = { ...(await load(BEFORE)), file };
  const next = await load(`# a comment\n${BEFORE.replace('home: {', 'home: { enabled: true, poll: 30,')}`);
  expect(differenceOf(now, next)).toEqual({ ...NOTHING, afterRestart: ['data_dir'] }); // another folder
  expect(differenceOf(now, now)).toEqual(NOTHING);
});

test('each part is named once, by what its change needs', async () => {
  const now = await load(BEFORE);
  const next = await load(
    `gateway: { port: 1, token: another-token-of-it }\nlog: { level: debug, format: json }\nturns: { max_attempts: 7 }
agents: { default: { type: parrot, delay: 2 }, second: { type: parrot } }
${BEFORE.replace(AGENT, '')
  .replace('one-token', 'new-token')
  .replace('burst: 1', 'burst: 2')
  .replace('  old: { type: page }\n', '  new: { type: page }\n')
  .replace('off: { type: page, enabled: false', 'off: { type: page')}`,
  );
  expect(differenceOf(now, { ...next, dataDir: now.dataDir })).toEqual({
    channels: { added: ['new', 'off'], removed: ['old'], reconnected: ['home'], adjusted: ['away'] },
    agents: { added: ['second'], removed: [], changed: ['default'] },
    settings: ['turns', 'gateway.token', 'log.level'],
    afterRestart: ['gateway.port', 'log.format'],
  });
});

test('what counts after a restart goes on being told until there is one', async () => {
  const now = await load(BEFORE);
  const next = await load(`gateway: { port: 1 }\n${BEFORE}`);
  const goesBy = taken(now, next);
  expect(goesBy).toMatchObject({ gateway: { port: now.gateway.port }, dataDir: now.dataDir });
  expect(differenceOf(goesBy, next).afterRestart).toEqual(['gateway.port', 'data_dir']);
});
