import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon, PROGRAM } from './daemon.ts';

let telegram: FakeTelegram;
beforeEach(async () => {
  telegram = await new FakeTelegram().listen();
});
afterEach(() => telegram.stop());

const config = () =>
  `channels: { telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" } }\n`;

/** Runs a command beside the daemon, as its owner would. */
function command(daemon: Daemon, ...args: string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [PROGRAM, ...args, '--config', daemon.configFile],
    { encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  return { out: stdout, err: stderr, status };
}

async function answered(text: string, times = 1): Promise<void> {
  await telegram.until(() => telegram.sent.filter((sent) => sent.text.includes(text)).length >= times, text);
}

describe('the ledger, beside a running gateway', () => {
  test('audit proves the balance, why tells the way of a message, messages list what came', async () => {
    await using daemon = await Daemon.start(config());
    telegram.say({ chat: 42, text: 'hello\u001b[2Jthere' });
    await answered('hello');
    const turn = await daemon.until(({ msg }) => msg.startsWith('answered'), 'the answer');

    const audit = command(daemon, 'audit');
    expect(audit).toMatchObject({ status: 0, err: '' });
    expect(audit.out).toMatch(
      /^in {3}1 = 1 answered \+ 0 ignored \+ 0 superseded \+ 0 dead \+ 0 pending\nout {2}1 = /,
    );
    expect(JSON.parse(command(daemon, 'audit', '--json').out)).toMatchObject({ balances: true });

    for (const what of [[String(turn.turn)], [`${turn.turn}-0`], ['telegram', '42']]) {
      const story = command(daemon, 'why', ...what);
      expect(story.status, story.err).toBe(0);
      expect(story.out).toMatch(/^in .* {2}telegram 42\n/);
      expect(story.out).toMatch(/says +hello\\u001b\[2Jthere\n/);
      expect(story.out).toMatch(/\nturn .*agent default\n/);
      expect(story.out).toMatch(/\nout .*\n {2}says +Hello! This gateway works/);
      expect(story.out).not.toContain('\u001b');
    }
    const [line] = command(daemon, 'messages', '--json').out.split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ channel: 'telegram', chat: '42', state: 'answered' });
    expect(command(daemon, 'why', 'nonsense')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^nothing is known of nonsense\n/),
    });
  });

  test('a dead letter is listed, explained, replayed and discarded', async () => {
    await using daemon = await Daemon.start(config());
    telegram.fail('sendMessage', { kind: 'status', status: 403, body: blocked });
    telegram.say({ chat: 42, text: 'first' });
    await daemon.until(({ msg }) => msg === 'message given up', 'the dead letter');

    const list = command(daemon, 'dlq');
    expect(list.out).toMatch(/out {2}(\S+) {2}telegram 42 {2}refused: .*blocked.*\n +Hello!/);
    const id = /out {2}(\S+)/.exec(list.out)?.[1] ?? '';
    expect(command(daemon, 'why', id).out).toMatch(/because +the platform will never accept it/);
    expect(command(daemon, 'dlq', 'replay')).toMatchObject({ status: 64 });
    expect(command(daemon, 'dlq', 'replay', id).out).toBe('1 to be tried again.\n');
    await answered('first');
    expect(command(daemon, 'dlq').out).toBe('No dead letters.\n');

    const seen = daemon.lines.length;
    telegram.fail('sendMessage', { kind: 'status', status: 403, body: blocked });
    telegram.say({ chat: 42, text: 'second' });
    await daemon.until(({ msg }) => msg === 'message given up', 'another one', seen);
    expect(command(daemon, 'dlq', 'discard', '--channel', 'telegram', '--reason', 'she left').out).toBe(
      '1 put away.\n',
    );
    expect(command(daemon, 'why', 'telegram', '42').out).toMatch(/since then discarded: she left/);
    expect(command(daemon, 'audit').status).toBe(0);

    await daemon.kill('SIGTERM');
    expect(command(daemon, 'dlq', 'replay', '--all')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/not running/),
    });
    expect(command(daemon, 'audit').status, 'reading needs no gateway').toBe(0);
  });

  test('a backup of a running gateway, put back, has everything up to then', async () => {
    await using daemon = await Daemon.start(config());
    telegram.say({ chat: 42, text: 'before' });
    await answered('before');
    const target = join(daemon.folder, 'backup');
    expect(command(daemon, 'backup', target)).toMatchObject({ status: 0 });
    expect(command(daemon, 'backup', target)).toMatchObject({
      status: 1,
      err: expect.stringMatching(/is there already/),
    });
    telegram.say({ chat: 42, text: 'after' });
    await answered('after');
    expect(command(daemon, 'restore', target), 'not under a running gateway').toMatchObject({ status: 78 });
    await daemon.kill('SIGTERM');
    expect(command(daemon, 'restore', target)).toMatchObject({ status: 0 });
    const came = command(daemon, 'messages', '--json').out;
    expect(came).toContain('before');
    expect(came).not.toContain('"after"');
    expect(readdirSync(daemon.folder).filter((name) => name.startsWith('data.before-'))).toHaveLength(1);
    await daemon.boot();
    expect(existsSync(join(daemon.folder, 'data', 'control.sock'))).toBe(true);
    telegram.say({ chat: 42, text: 'third' });
    await answered('third');
    expect(command(daemon, 'audit').status).toBe(0);
  });
});

const blocked = { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' };
