import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { emptyFolder } from '../kit/folder.ts';
import { FakeOpenAI } from '../platforms/openai.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

/** What must never be printed when something is simply wrong: a trace is for our own mistakes. */
const STACK_TRACE = /\n\s+at .*\(?.*:\d+:\d+\)?/;

const telegramOf = (telegram: FakeTelegram, more = '') =>
  `channels:\n  telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}"${more} }\n`;

describe('a config', () => {
  test('with mistakes ends the daemon with 78 and names all of them, with their places', async () => {
    await using daemon = await Daemon.startAndEnd(
      'gateway: { prot: 1, port: many }\nchannels:\n  telegramm: {}\n  telegram: { token: "" }\n',
    );
    expect(daemon.exitCode).toBe(78);
    expect(daemon.text).toMatch(/openclaw\.config\.yaml:\d+:\d+: gateway\.prot: .*port/);
    expect(daemon.text).toMatch(/:\d+:\d+: gateway\.port: /);
    expect(daemon.text).toMatch(/:\d+:\d+: channels\.telegramm.*telegram/);
    expect(daemon.text).toMatch(/:\d+:\d+: channels\.telegram\.token/);
    expect(daemon.text).not.toMatch(STACK_TRACE);
    expect(existsSync(join(daemon.folder, 'data')), 'nothing was begun').toBe(false);
  });

  test('that cannot be read ends the daemon with 78 and one sentence', async () => {
    using folder = emptyFolder();
    mkdirSync(join(folder.path, 'sub'));
    const program = join(import.meta.dirname, '../../dist/src/cli/main.js');
    let output = '';
    let status = 0;
    try {
      execFileSync(process.execPath, [program, '--config', join(folder.path, 'sub')], { stdio: 'pipe' });
    } catch (error) {
      ({ status } = error as { status: number });
      output = String((error as { stderr: Buffer }).stderr);
    }
    expect(status).toBe(78);
    expect(output).toContain(join(folder.path, 'sub'));
    expect(output).not.toMatch(STACK_TRACE);
  });
});

test('a taken port ends the daemon with 78, and names the port', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await using daemon = await Daemon.startAndEnd(`gateway: { port: ${port} }\nchannels: { webchat: {} }\n`);
  other.close();
  expect(daemon.exitCode).toBe(78);
  expect(daemon.text).toContain(`Port ${port} on 127.0.0.1 is taken`);
  expect(daemon.text).not.toMatch(STACK_TRACE);
});

test('a data folder that is in use ends the second daemon with 78, and the first goes on', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using first = await Daemon.start(telegramOf(telegram));
  await using second = await Daemon.startAndEnd(
    `data_dir: ${join(first.folder, 'data')}\nchannels: { webchat: {} }\n`,
  );
  expect(second.exitCode).toBe(78);
  expect(second.text).toContain(`in use by another gateway (process ${first.pid})`);
  telegram.say({ chat: 1, text: 'still there?' });
  await telegram.until(() => telegram.sent.length === 1, 'an answer of the first');
});

test('a database of a newer version is refused with 78', async () => {
  using folder = emptyFolder();
  mkdirSync(join(folder.path, 'data'), { mode: 0o700 });
  const db = new Database(join(folder.path, 'data', 'gateway.db'));
  db.pragma('user_version = 1000');
  db.close();
  await using daemon = await Daemon.startAndEnd('channels: { webchat: {} }\n', { folder: folder.path });
  expect(daemon.exitCode).toBe(78);
  expect(daemon.text).toMatch(/has version 1000.*written by a newer openclaw-gateway/s);
});

test('a wrong token: told once with what to do, no further tries, and the other channels work', async () => {
  await using telegram = await new FakeTelegram().listen();
  const config = `channels:
  bad: { type: telegram, token: "999:wrong-secret", api_root: "${telegram.url}" }
  good: { type: telegram, dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" }
`;
  await using daemon = await Daemon.start(config);
  const line = await daemon.until((line) => line.channel === 'bad' && line.level === 50, 'the refusal');
  expect(line.hint).toMatch(/BotFather/);
  telegram.say({ chat: 1, text: 'hi' });
  await telegram.until(() => telegram.sent.length === 1, 'an answer on the other channel');
  expect(daemon.lines.filter((line) => line.channel === 'bad' && line.level === 50)).toHaveLength(1);
  expect(daemon.text).not.toContain('wrong-secret');
  const ready = await fetch(new URL('/readyz', daemon.url));
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    channels: { bad: { state: 'rejected' }, good: { state: 'connected' } },
  });
});

test('a model that hangs: the person gets one honest sentence, the owner the cause, other chats do not wait', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using model = await new FakeOpenAI().listen();
  model.answer = ({ messages }) =>
    messages.at(-1)?.content.includes('hang') ? { chunks: [], end: 'hang' } : 'Quick as ever.';
  const config = `turns: { max_attempts: 2 }
agents:
  default:
    type: llm
    provider: openai-compatible
    base_url: ${model.baseUrl}
    model: fake-model
    first_token_timeout: 0.2
${telegramOf(telegram)}`;
  await using daemon = await Daemon.start(config);
  telegram.say({ chat: 1, text: 'hang, please' });
  telegram.say({ chat: 2, text: 'and you?' });
  await telegram.until(() => telegram.sent.length === 2, 'an answer to both');
  expect(telegram.sent.map(({ chat, text }) => ({ chat, text }))).toEqual([
    { chat: 2, text: 'Quick as ever.' },
    { chat: 1, text: expect.stringMatching(/^Sorry, I could not answer this/) },
  ]);
  const cause = await daemon.until(
    ({ msg }) => msg.includes('the agent failed; the person was told'),
    'the cause',
  );
  expect(String(cause.error)).toMatch(/0\.2|nothing|silent|begun|answer/i);
  await model.until(() => model.underWay === 0, 'the hanging request is let go');
});

describe.runIf(canMount())('a full disk (skipped where no small one can be mounted)', () => {
  /** A folder whose `data` is a disk of its own, as small as that. */
  const smallDisk = (size: string) => {
    const folder = emptyFolder();
    const disk = join(folder.path, 'data');
    mkdirSync(disk, { mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
    return {
      path: folder.path,
      ballast: join(disk, 'ballast'),
      [Symbol.dispose]() {
        execFileSync('umount', ['-l', disk]);
        folder[Symbol.dispose]();
      },
    };
  };

  test('while it runs: nothing is acked that is not stored, and all is answered once there is room', async () => {
    using small = smallDisk('8m');
    const { ballast } = small;
    await using telegram = await new FakeTelegram().listen();
    await using daemon = await Daemon.start(telegramOf(telegram), { folder: small.path });
    telegram.say({ chat: 1, text: 'before' });
    await telegram.until(() => telegram.sent.length === 1, 'an answer before');
    fill(ballast);
    for (let chat = 1; chat <= 20; chat++) telegram.say({ chat, text: `while full ${'x'.repeat(3000)}` });
    await daemon.until(({ msg }) => msg.startsWith('nothing can be stored'), 'the fault');
    const notReady = await fetch(new URL('/readyz', daemon.url));
    expect(notReady.status).toBe(503);
    expect(await notReady.json()).toMatchObject({ trouble: expect.stringContaining('full') });
    execFileSync('rm', [ballast]);
    await telegram.until(() => new Set(telegram.sent.map(({ chat }) => chat)).size === 20, 'all answers');
    await daemon.until(({ msg }) => msg.startsWith('the database can be written again'), 'the recovery');
    await daemon.kill('SIGTERM');
    expect(daemon.exitCode).toBe(0);
    expect(
      telegram.sent.filter(({ chat }) => chat === 7),
      'answered once, in two parts at most',
    ).not.toHaveLength(0);
    expect(daemon.text).not.toMatch(STACK_TRACE);
  });

  test('at the start: it says so, waits, and starts when there is room', async () => {
    using small = smallDisk('1m');
    fill(small.ballast);
    await using daemon = await Daemon.launch('channels: { webchat: {} }\n', { folder: small.path });
    await daemon.until(({ msg }) => /disk .* is full; trying again/.test(msg), 'what it waits for');
    execFileSync('rm', [small.ballast]);
    await daemon.until(({ msg }) => msg.startsWith('ready'), 'ready');
    await daemon.kill('SIGTERM');
    expect(daemon.exitCode).toBe(0);
  });
});

/** Root on Linux may, though not in every container. */
function canMount(): boolean {
  using folder = emptyFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder.path], { stdio: 'ignore' });
    execFileSync('umount', [folder.path]);
    return true;
  } catch {
    return false;
  }
}

/** Writes until nothing more fits. */
function fill(file: string): void {
  writeFileSync(file, '');
  for (let size = 1 << 20; size >= 512; size >>= 1) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // smaller pieces still fit
    }
  }
}

test('SIGTERM ends it cleanly: exit code 0, and a database that needs no repair', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(telegramOf(telegram));
  telegram.say({ chat: 1, text: 'bye' });
  await telegram.until(() => telegram.sent.length === 1, 'an answer');
  await daemon.kill('SIGTERM');
  expect(daemon.exitCode).toBe(0);
  expect(existsSync(join(daemon.folder, 'data', 'gateway.db-wal')), 'the journal is folded in').toBe(false);
  const db = new Database(join(daemon.folder, 'data', 'gateway.db'), { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
});
