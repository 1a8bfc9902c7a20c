import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from './command-line.ts';
import { Daemon } from './daemon.ts';
import { type Far, platforms } from './far/index.ts';
import { lineOf, optionsFor } from './far/start.ts';

let daemon: Daemon;
let telegram: Far;
let slack: Far;
beforeAll(async () => {
  telegram = (await platforms.telegram?.()) ?? expect.fail();
  slack = (await platforms.slack?.()) ?? expect.fail();
  const channels = [telegram, slack].map((far) => lineOf(far, { more: 'dm_policy: pairing' })).join('');
  const agents = 'agents: { default: { type: echo }, poet: { type: echo } }\n';
  daemon = await Daemon.start(`${agents}channels:\n${channels}`, optionsFor([telegram, slack]));
  await daemon.until(({ msg }) => msg === 'slack is connected', 'slack is connected');
  await daemon.until(({ msg }) => msg === 'telegram is connected', 'telegram is connected');
});
afterAll(async () => {
  for (const one of [daemon, telegram, slack]) await one[Symbol.asyncDispose]();
});

/** Runs a command that succeeds. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await commandLine(daemon, ...args);
  expect(code, err).toBe(0);
  return out;
}

async function json<T>(...args: string[]): Promise<T[]> {
  return (await run(...args, '--json'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

const told = (far: Far, words: RegExp) =>
  far.until(() => far.direct.told().some(({ text }) => words.test(text)), String(words));

interface ShownUser {
  user: string;
  isAdmin: boolean;
  identities: { identity: string }[];
}

test('whoever has the terminal becomes the admin; the log holds no code', async () => {
  expect(await run('users')).toBe('Nobody has written yet.\n');
  expect(daemon.text).toContain('nobody is an admin yet; \\"openclaw-gateway claim\\" shows the code');
  const words = await run('claim');
  const [code = ''] = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(words) ?? [];
  expect(words).toBe(`Write this to your bot, in a direct chat, within 10 minutes: /claim ${code}\n`);
  await telegram.direct.say(`/claim ${code}`);
  await told(telegram, /You are an admin now/);
  expect(daemon.text).not.toContain(code);
  expect(await json<ShownUser>('users')).toMatchObject([
    { isAdmin: true, identities: [{ identity: 'telegram:42', name: 'Ann' }] },
  ]);
});

test('a stranger is let in, linked, unlinked and turned away', async () => {
  await slack.direct.say('hello');
  await told(slack, /Your code is/);
  const requests = (await run('users')).split('Waiting to be let in:\n')[1] ?? '';
  const [, code = '', who = ''] = /^(\S+) {2}(slack:\S+).* {2}1 message$/m.exec(requests) ?? [];
  expect(await run('users', 'approve', code)).toBe(`${who} can write to the gateway now, and was told so.\n`);
  await told(slack, /You can write to me now/);

  const [{ user } = expect.fail()] = await json<ShownUser>('identity', 'show', 'telegram:42');
  expect(await run('identity', 'link', user, who)).toContain(`${who} is the user ${user} now.`);
  await told(slack, /You are now the same person as `?telegram:42/);
  await told(telegram, /You are now the same person as `?slack:/);
  expect(await json('identity')).toMatchObject([
    { identity: 'telegram:42', user },
    { identity: who, user },
  ]);
  expect(await run('identity', 'unlink', who)).toMatch(/is a person of their own again: user \w+\.$/m);
  await told(telegram, /is no longer the same person as you/);

  expect(await run('users', 'admin', 'add', who)).toBe(`${who} is an admin now.\n`);
  expect(await run('users', 'admin', 'remove', who)).toBe(`${who} is no admin any more.\n`);
  expect(await run('users', 'deny', who)).toBe(`${who} is no longer heard. users approve undoes it.\n`);
  expect(await run('identity')).toContain('(turned away)');
});

test('the hub is looked at and worked with', async () => {
  expect(await json('agents')).toEqual([{ agent: 'default' }, { agent: 'poet' }]);
  await telegram.direct.say('hello');
  await told(telegram, /You said/);
  expect(await json('sessions')).toMatchObject([{ agent: 'default', waiting: 0 }]);
  expect(await run('sessions')).toMatch(/^[\d: -]+ {2}\w+ {2}user \w+ {2}default\n$/);
  expect(await json('channels')).toMatchObject([
    { channel: 'telegram', state: 'connected' },
    { channel: 'slack', state: 'connected' },
  ]);
  expect(await run('broadcast', 'We', 'move')).toBe(
    'This would go to 1 person. To send it, say so with --yes.\n',
  );
  expect(await run('broadcast', 'We', 'move', '--yes')).toBe('Sent to 1 person.\n');
  await told(telegram, /^We move$/);
  const seen = daemon.lines.length;
  expect(await run('channels', 'restart', 'slack')).toContain('slack connects anew.');
  await daemon.until(({ msg }) => msg === 'slack is connected', 'slack is connected', seen);
});

test.each([
  [
    ['users', 'approve', 'nowhere:1'],
    1,
    /^there is no such channel; "openclaw-gateway channels" lists them$/m,
  ],
  [['users', 'approve', 'AAAA-AAAA'], 1, /^This code is wrong/],
  [['users', 'deny', 'telegram:42'], 1, /^This is an admin/],
  [['identity', 'show', 'telegram:1'], 1, /^nobody is known by this name/],
  [['identity', 'link', 'nobody', 'telegram:42'], 1, /^there is no such user/],
  [['channels', 'restart', 'nowhere'], 1, /^there is no channel nowhere\. There are: telegram, slack$/m],
  [['users', 'approve'], 64, /missing required argument 'who'/],
  [['broadcast'], 64, /missing required argument 'text'/],
])('%j is refused', async (args, code, words) => {
  const { code: ended, err } = await commandLine(daemon, ...args);
  expect(ended).toBe(code);
  expect(err).toMatch(words);
});

test('without a gateway that runs, they say so', async () => {
  await daemon.kill('SIGTERM');
  const { code, err } = await commandLine(daemon, 'claim');
  expect(code).toBe(1);
  expect(err).toBe('the gateway is not running, and only it can do this\nStart it, and try again.\n');
});
