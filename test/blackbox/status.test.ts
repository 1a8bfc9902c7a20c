import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../src/cli/report.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { command } from './command.ts';
import { Daemon, PROGRAM } from './daemon.ts';

let telegram: FakeTelegram;
beforeEach(async () => {
  telegram = await new FakeTelegram().listen();
});
afterEach(() => telegram.stop());

const config = () =>
  `channels: { work: { type: telegram, dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" } }\n`;

describe('status', () => {
  test('tells what the gateway does, and without a gateway what its data says', async () => {
    await using daemon = await Daemon.start(config());
    telegram.say({ chat: 42, text: 'a text of mine', from: { id: 7, first_name: 'Ada' } });
    await telegram.until(() => telegram.sent.length > 0, 'the answer');
    telegram.fail('sendMessage', { kind: 'hang' });
    telegram.say({ chat: 43, text: 'another one', from: { id: 8, first_name: 'Bob' } });
    await telegram.until(() => (telegram.requests.get('sendMessage') ?? 0) > 1, 'a send that hangs');

    const machine = await command(daemon, 'status', '--json');
    expect(machine).toMatchObject({ status: 0, err: '' });
    const report = JSON.parse(machine.out) as Report & { running: boolean };
    expect(report).toMatchObject({
      running: true,
      pid: daemon.pid,
      channels: [{ id: 'work', state: 'connected', toAnswer: 0, toSend: 1, lanes: 1 }],
      lanes: [{ channel: 'work', chat: '43', state: 'sending', attempts: 1, messages: 1 }],
      totals: {
        channels: { work: { in: 2, out: 1, errors: 0 } },
        turns: { answered: 2, retried: 0, failed: 0 },
      },
      dead: { in: 0, out: 0 },
    });

    const person = await command(daemon, 'status');
    expect(person).toMatchObject({ status: 0, err: '' });
    expect(person.out).toMatch(/^openclaw-gateway \S+, process \d+, up \S+ \S+, \d+ MB\n/);
    expect(person.out).toMatch(/\nwork +connected +\S+ \S+ +2 +1 +0 +0 +1 +1 /);
    expect(person.out).toMatch(/\nLongest unsent\n {2}\w+-0 {2}.* {2}work 43 {2}sending, attempt 1\n/);
    expect(
      (await command(daemon, 'why', String(report.lanes[0]?.head))).status,
      'its ids are those that why takes',
    ).toBe(0);
    for (const text of ['a text of mine', 'another one', 'Ada', 'Bob'])
      expect(machine.out + person.out).not.toContain(text);

    await daemon.kill('SIGKILL');
    const stopped = await command(daemon, 'status');
    expect(stopped).toMatchObject({ status: 1, err: '' });
    expect(stopped.out).toMatch(
      /^The gateway is not running\.\nWhat waits in its data:\nchannel .*\nwork +0 +1 +\S+ \S+ +0\n$/,
    );
    expect(JSON.parse((await command(daemon, 'status', '--json')).out)).toMatchObject({
      running: false,
      channels: [{ channel: 'work', toAnswer: 0, toSend: 1, deadIn: 0, deadOut: 0 }],
    });
  });

  test('says so when the gateway hangs', async () => {
    await using daemon = await Daemon.start(config());
    process.kill(daemon.pid, 'SIGSTOP');
    const { status, err } = await command(daemon, 'status');
    process.kill(daemon.pid, 'SIGCONT');
    expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining('did not answer within 3 s') });
  });
});

/** `top`, and what it has printed so far. */
class Top implements AsyncDisposable {
  readonly #process: ChildProcess;
  text = '';

  constructor(words: readonly [string, ...string[]]) {
    const [program, ...args] = words;
    this.#process = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, TERM: 'xterm' },
    });
    this.#process.stdout?.on('data', (piece) => {
      this.text += piece;
    });
  }

  async until(fits: (text: string) => boolean): Promise<void> {
    while (!fits(this.text)) await once(this.#process.stdout as NodeJS.ReadableStream, 'data');
  }

  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null) await once(this.#process, 'close');
    return this.#process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended();
  }
}

const ESC = '\u001b';
const GIVEN_BACK = `${ESC}[?25h${ESC}[?1049l`;

describe('top', () => {
  const times = (text: string, word: string) => text.split(word).length - 1;

  test('repeats itself where nobody looks at a terminal, with what comes and goes per second', async () => {
    await using daemon = await Daemon.start(config());
    await using top = new Top([process.execPath, PROGRAM, 'top', '--config', daemon.configFile]);
    await top.until((text) => text.includes('in/s'));
    telegram.say({ chat: 42, text: 'hello' });
    await telegram.until(() => telegram.sent.length > 0, 'the answer');
    await top.until((text) => /\nwork +connected .* (0\.[1-9]|1\.\d) +(0\.[1-9]|1\.\d) +0\.0 /.test(text));
    expect(top.text).not.toContain(ESC);
    await daemon.kill('SIGTERM');
    await top.until((text) => text.includes('The gateway is not running.'));
  });

  // `script` gives it a terminal of its own.
  const onTerminal = (daemon: Daemon) => {
    const line = `stty cols 60 rows 8; tty; echo process $$; exec '${process.execPath}' '${PROGRAM}' top --config '${daemon.configFile}'`;
    return new Top(['script', '--quiet', '--return', '--command', line, '/dev/null']);
  };

  test.each([
    ['q', 'q'],
    ['Ctrl-C', '\u0003'],
  ])('takes the whole terminal, and gives it back after %s', async (_, key) => {
    await using daemon = await Daemon.start(config());
    await using top = onTerminal(daemon);
    await top.until((text) => times(text, `${ESC}[H`) > 1);
    const [before = '', first = ''] = top.text.split(`${ESC}[H`);
    expect(before).toContain(`${ESC}[?1049h`);
    const lines = first.replaceAll(`${ESC}[K`, '').split(/\r?\n/);
    expect(lines.length).toBeLessThanOrEqual(8);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(lines[0]).toMatch(/^openclaw-gateway /);
    top.type(key);
    expect(await top.ended()).toBe(0);
    expect(top.text.endsWith(GIVEN_BACK)).toBe(true);
  });

  test('follows a change of size, and gives the terminal back when it is told to end', async () => {
    await using daemon = await Daemon.start(config());
    await using top = onTerminal(daemon);
    await top.until((text) => text.includes('conversations'));
    const [, terminal = '', pid] = /(\/dev\/pts\/\d+)\s+process (\d+)/.exec(top.text) ?? [];
    const before = top.text.length;
    await once(spawn('stty', ['-F', terminal, 'cols', '130', 'rows', '30'], { stdio: 'inherit' }), 'exit');
    await top.until((text) => text.slice(before).includes('q leaves'));
    process.kill(Number(pid), 'SIGTERM');
    expect(await top.ended()).toBe(0);
    expect(top.text.endsWith(GIVEN_BACK)).toBe(true);
  });
});
