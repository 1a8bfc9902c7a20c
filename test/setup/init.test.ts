import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../blackbox/command-line.ts';
import { Daemon, PROGRAM } from '../blackbox/daemon.ts';
import { emptyFolder } from '../kit/folder.ts';
import { FakeOpenAI } from '../platforms/openai.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { canGiveTerminals, Terminal } from './terminal.ts';

const TOKEN = '123:test-token-canary';

/** The real command without a terminal. */
function init(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH, ...env } };
    const child = execFile(process.execPath, [PROGRAM, 'init', ...args], options, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** Boots the daemon with what `setUp` wrote into its folder. */
function bootAfter(setUp: (folder: string) => Promise<void>, env = {}): Promise<Daemon> {
  return Daemon.start('', {
    env,
    async prepare(folder) {
      rmSync(join(folder, 'openclaw.config.yaml'));
      await setUp(folder);
    },
  });
}

/** The person writes to the bot, and hears something. */
async function ask(telegram: FakeTelegram, text: string): Promise<string> {
  const before = telegram.sent.length;
  telegram.say({ chat: 7, from: { id: 7 }, text });
  await telegram.until(() => telegram.sent.length > before, `an answer to ${text}`);
  return telegram.sent[before]?.text ?? '';
}

/** Does what `init` says to do next. */
async function claim(daemon: Daemon, telegram: FakeTelegram): Promise<void> {
  const [line] = /\/claim \S+/.exec((await commandLine(daemon, 'claim')).out) ?? [];
  expect(await ask(telegram, line ?? '')).toContain('admin');
}

describe.skipIf(!canGiveTerminals())('at a terminal (skipped where there is no util-linux)', () => {
  it('every wrong input gets a sentence, and then the first answer comes', async () => {
    await using telegram = await new FakeTelegram(TOKEN).listen();
    await using taken = await listening();
    await using daemon = await bootAfter(async (folder) => {
      const set = ['--set', `telegram.api_root=${telegram.url}`];
      using terminal = new Terminal([process.execPath, PROGRAM, 'init', ...set], folder, {});
      await terminal.answers(/Where will people write/, 'telegarm');
      await terminal.reads(/there is no channel "telegarm"/);
      await terminal.answers(/Where will people write/, '99');
      await terminal.reads(/there is no channel "99"/);
      await terminal.answers(/Where will people write/, 'telegram');
      await terminal.answers(/from @BotFather/, '');
      await terminal.reads(/it is needed/);
      await terminal.answers(/from @BotFather/, 'not-a-token');
      await terminal.reads(/must be the whole token that @BotFather gave/);
      await terminal.answers(/from @BotFather/, '123:wrong-canary');
      await terminal.reads(/problem: Telegram answered getMe with 401/);
      await terminal.answers(/What now/, '');
      await terminal.answers(/from @BotFather/, TOKEN);
      await terminal.reads(/ok: the bot is @claw_bot/);
      await terminal.answers(/Who answers/, 'eliza');
      await terminal.reads(/must be one of echo, llm/);
      await terminal.answers(/Who answers/, '1');
      await terminal.answers(/The port/, String(taken.port));
      await terminal.reads(/is taken/);
      await terminal.answers(/The port/, 'many');
      await terminal.reads(/whole number from 0 to 65535/);
      await terminal.answers(/The port/, '0');
      await terminal.reads(/Next:/);
      await terminal.reads(/write to it on telegram, first of all: \/claim CODE/);
      await terminal.reads(/openclaw-gateway claim/);
      expect(await terminal.ended()).toBe(0);
      expect(terminal.screen).not.toContain('canary');
    });
    expect(await ask(telegram, 'who are you?')).not.toContain('who are you?');
    await claim(daemon, telegram);
    expect(await ask(telegram, 'hello')).toContain('hello');
    const yaml = readFileSync(daemon.configFile, 'utf8');
    expect(yaml).toContain(`token: \${credential:telegram-token}`);
    expect(yaml).not.toContain('canary');
    expect(readFileSync(join(daemon.folder, 'credentials/telegram-token'), 'utf8')).toBe(`${TOKEN}\n`);
    expect(modeOf(join(daemon.folder, 'credentials/telegram-token'))).toBe('600');
    expect(modeOf(join(daemon.folder, 'credentials'))).toBe('700');
  });

  it('does without a channel that nobody gets to work, and keeps what was there', async () => {
    using folder = emptyFolder();
    const before = '# mine\n';
    writeFileSync(join(folder.path, 'openclaw.config.yaml'), before);
    const words = [process.execPath, PROGRAM, 'init', '--set', 'telegram.api_root=http://127.0.0.1:1'];
    using terminal = new Terminal([...words, '--set', 'gateway.port=0'], folder.path, {});
    await terminal.answers(/is there already/, 'yes');
    await terminal.answers(/Where will people write/, 'telegram');
    await terminal.answers(/from @BotFather/, TOKEN);
    await terminal.reads(/problem: no answer from Telegram/);
    await terminal.answers(/What now/, 'without');
    await terminal.answers(/Who answers/, '');
    expect(await terminal.ended()).toBe(0);
    const names = readdirSync(folder.path);
    const kept = names.find((name) => name.includes('.before-')) ?? '';
    expect(readFileSync(join(folder.path, kept), 'utf8')).toBe(before);
    expect(readFileSync(join(folder.path, 'openclaw.config.yaml'), 'utf8')).not.toMatch(/^ {2}telegram/m);
    expect(names).not.toContain('credentials');
  });

  it('nothing is written when the person stops', async () => {
    using folder = emptyFolder();
    using terminal = new Terminal([process.execPath, PROGRAM, 'init'], folder.path, {});
    await terminal.answers(/Where will people write/, 'telegram');
    await terminal.reads(/from @BotFather/);
    await terminal.reads(/\n.{0,9}> /);
    terminal.press('\u0003');
    await terminal.reads(/Stopped\. Nothing was written/);
    expect(await terminal.ended()).toBe(1);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('without a terminal', () => {
  it('says what to do instead', async () => {
    using folder = emptyFolder();
    const { code, err } = await init(folder.path, []);
    expect({ code, err }).toEqual({ code: 64, err: expect.stringContaining('--yes') });
  });

  it('a script sets up a model and a channel, by variables, and gets an answer', async () => {
    await using telegram = await new FakeTelegram(TOKEN).listen();
    await using model = await new FakeOpenAI().listen();
    model.apiKey = 'key-canary';
    const env = { BOT: TOKEN, KEY: 'key-canary' };
    await using daemon = await bootAfter(async (folder) => {
      const set = [
        `telegram.token=\${BOT}`,
        `telegram.api_root=${telegram.url}`,
        'telegram.poll_timeout_seconds=5',
        'agent.type=llm',
        'agent.provider=openai-compatible',
        `agent.base_url=${model.baseUrl}`,
        'agent.model=fake-model',
        `agent.api_key=\${KEY}`,
        'gateway.port=0',
      ];
      const args = ['--yes', '--channel', 'telegram', ...set.flatMap((one) => ['--set', one])];
      expect(await init(folder, args, env)).toMatchObject({ code: 0, err: '' });
    }, env);
    const yaml = readFileSync(daemon.configFile, 'utf8');
    expect(yaml).toContain(`token: \${BOT}`);
    expect(yaml).toContain('poll_timeout_seconds: 5');
    expect(yaml).not.toContain('canary');
    await claim(daemon, telegram);
    expect(await ask(telegram, 'hello')).toContain('Hello from the fake model');
  });

  it.each([
    [['--channel', 'telegram'], 64, /telegram\.token is missing.*\n.*--set/],
    [['--channel', 'telegram', '--set', 'telegram.token=x'], 1, /whole token that @BotFather gave/],
    [['--channel', 'telegram', '--set', `telegram.token=\${NOT_SET}`], 1, /NOT_SET is not set/],
    [['--channel', 'slack', '--set', 'slack.app_token=x'], 1, /App-Level Token, which begins with xapp-/],
    [['--channel', 'tlegram'], 64, /there is no channel "tlegram"; there are .*telegram/],
    [['--set', 'telegram.token=1:x'], 64, /telegram\.token: nothing here has this key/],
    [
      ['--channel', 'whatsapp', '--set', 'whatsapp.dm_policy=opne'],
      64,
      /whatsapp\.dm_policy: .*did you mean open/,
    ],
    [['--channel', 'telegram', '--set', 'telegram.api_rot=x'], 64, /telegram\.api_rot: unknown key/],
    [['--set', 'secret'], 64, /this is not key=value/],
    [['--set', 'agent.type=llm', '--set', 'agent.provider=anthropic'], 64, /agent\.api_key is missing/],
    [['--set', 'gateway.port=99999'], 1, /whole number from 0 to 65535/],
  ])('%j is refused in words, and nothing is written', async (args, code, words) => {
    using folder = emptyFolder();
    expect(await init(folder.path, ['--yes', ...args])).toMatchObject({
      code,
      err: expect.stringMatching(words),
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('a refused token ends it, and is not shown', async () => {
    await using telegram = await new FakeTelegram(TOKEN).listen();
    using folder = emptyFolder();
    const set = ['--set', 'telegram.token=123:wrong-canary', '--set', `telegram.api_root=${telegram.url}`];
    const { code, out, err } = await init(folder.path, ['--yes', '--channel', 'telegram', ...set]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('401: Unauthorized') });
    expect(out + err).not.toContain('canary');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('a configuration that is there stays', async () => {
    using folder = emptyFolder();
    await init(folder.path, ['--yes']);
    const file = join(folder.path, 'openclaw.config.yaml');
    const before = readFileSync(file, 'utf8');
    const { code, err } = await init(folder.path, ['--yes']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('is there already') });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

async function listening(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}
