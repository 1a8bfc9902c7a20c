import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../kit/folder.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { command } from './command.ts';
import { Daemon, PROGRAM } from './daemon.ts';

const config = (telegram: FakeTelegram, log: string) =>
  `log: ${log}\nchannels: { work: { type: telegram, dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" } }\n`;

test('the way of a message is one line that a person understands, and nothing else of it is told at info', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(config(telegram, '{ level: info }'));
  telegram.say({ chat: 42, text: 'the plan is secret', from: { id: 7, first_name: 'Ada' } });
  const line = await daemon.until(({ msg }) => msg.startsWith('answered'), 'the way of the message');
  expect(line.msg).toMatch(/^answered 7 on work in \S+ (ms|s), delivered$/);
  expect(line).toMatchObject({
    level: 30,
    channel: 'work',
    agent: 'default',
    sender: '7',
    outcome: 'committed',
  });
  expect(line.session).toEqual(expect.any(String));
  expect((await command(daemon, 'why', String(line.turn))).out).toContain('the plan is secret');
  expect(daemon.lines.filter(({ turn }) => turn === line.turn)).toHaveLength(1);
  for (const personal of ['the plan', 'Ada']) expect(daemon.text).not.toContain(personal);
});

test('logs shows the file of the log: the last lines, by level, by age, and as they come', async () => {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(config(telegram, '{ file: ./logs/gateway.log }'));
  telegram.say({ chat: 42, text: 'hello' });
  await daemon.until(({ msg }) => msg.startsWith('answered'), 'the way of the message');
  const file = join(daemon.folder, 'logs/gateway.log');
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('answered');

  const shown = await command(daemon, 'logs');
  expect(shown).toMatchObject({ status: 0, err: '' });
  expect(shown.out).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] INFO: work is connected/m);
  expect(shown.out).toMatch(/INFO: answered \S+ on work in /);
  const raw = (await command(daemon, 'logs', '--json')).out;
  expect(raw).toBe(readFileSync(file, 'utf8'));
  expect((await command(daemon, 'logs', '--lines', '1', '--json')).out).toBe(
    `${raw.trim().split('\n').at(-1)}\n`,
  );
  expect((await command(daemon, 'logs', '--level', 'warn')).out).not.toContain('answered');
  expect((await command(daemon, 'logs', '--since', '1h')).out).toBe(shown.out);
  expect((await command(daemon, 'logs', '--since', '2100-01-01')).out).toBe('');
  expect(await command(daemon, 'logs', '--since', 'yesteryear')).toMatchObject({
    status: 64,
    err: expect.stringContaining('such as 10m'),
  });

  await using follower = new Follower(daemon);
  await follower.until('answered');
  telegram.say({ chat: 43, text: 'hello again', from: { id: 8, first_name: 'Bob' } });
  await follower.until('answered 8 on work');
  await daemon.kill('SIGTERM');
  await follower.until('INFO: stopped');
  expect(readFileSync(file, 'utf8'), 'all of it is written when the process ends').toContain(
    '"msg":"stopped"',
  );
});

test("logs shows systemd's journal where the service is installed, and says what to do where nothing keeps the log", async () => {
  using folder = emptyFolder();
  const file = join(folder.path, 'openclaw.config.yaml');
  writeFileSync(file, 'agents: { default: { type: echo } }\n');
  const run = (path: string) =>
    new Promise<{ out: string; err: string; code: number | null }>((resolve) => {
      const args = [PROGRAM, 'logs', '--level', 'warn', '--since', '1970-01-02T00:00Z', '--config', file];
      const child = execFile(process.execPath, args, { env: { PATH: path } }, (_, out, err) =>
        resolve({ out, err, code: child.exitCode }),
      );
    });
  expect(await run(folder.path)).toEqual({ out: '', err: expect.stringContaining('log.file'), code: 1 });

  const program = (name: string, script: string) => {
    writeFileSync(join(folder.path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder.path, name), 0o755);
  };
  program('systemctl', '[ "$*" = "--user cat openclaw-gateway" ]');
  program(
    'journalctl',
    `echo "$@"
     echo '{"level":40,"time":"2026-11-21T18:30:00.000Z","msg":"a warning"}'
     echo '{"level":30,"time":"2026-11-21T18:30:00.000Z","msg":"no warning"}'`,
  );
  const { out, err, code } = await run(`${folder.path}${delimiter}${process.env.PATH}`);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toMatch(
    /^--user-unit openclaw-gateway --output=cat --since=@86400 --lines=all\n\[2026-.*\] WARN: a warning\n$/,
  );
});

/** `logs --follow`. */
class Follower implements AsyncDisposable {
  readonly #process: ChildProcess;
  #text = '';

  constructor(daemon: Daemon) {
    this.#process = spawn(process.execPath, [PROGRAM, 'logs', '--follow', '--config', daemon.configFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process.stdout?.on('data', (piece) => {
      this.#text += piece;
    });
  }

  async until(words: string): Promise<void> {
    while (!this.#text.includes(words)) await once(this.#process.stdout as NodeJS.ReadableStream, 'data');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'exit');
  }
}
