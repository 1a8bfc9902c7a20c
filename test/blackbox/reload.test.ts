import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FakeDiscord } from '../platforms/discord.ts';
import type { FakeHttpServer } from '../platforms/fake-http.ts';
import { FakeOpenAI, Gate } from '../platforms/openai.ts';
import { FakeSlack } from '../platforms/slack.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { commandLine } from './command-line.ts';
import { Daemon, PROGRAM } from './daemon.ts';
import { every } from './far/index.ts';
import { agentOf, startWith } from './far/start.ts';

const FAST =
  'rate_limits: { channel: { burst: 1000, per_second: 1000 }, direct: { burst: 1000, per_second: 1000 } }';
const telegramOf = (fake: FakeTelegram, more = '') =>
  `  telegram: { dm_policy: open, ${FAST}, token: "${fake.token}", api_root: "${fake.url}"${more} }\n`;
const slackOf = (fake: FakeSlack) =>
  `  slack: { dm_policy: open, mode: socket, app_token: "${fake.appToken}", bot_token: "${fake.botToken}", api_url: "${fake.apiUrl}" }\n`;
const discordOf = (fake: FakeDiscord) =>
  `  discord: { dm_policy: open, token: "${fake.token}", api_url: "${fake.apiUrl}" }\n`;

const connected = (daemon: Daemon, channel: string, from = 0) =>
  daemon.until(({ msg }) => msg === `${channel} is connected`, `${channel} is connected`, from);
const textsOf = ({ sent }: FakeTelegram) => sent.map(({ text }) => text);

/** What a fake was asked that is part of connecting to it. */
const greetings = (fake: FakeHttpServer) =>
  [...fake.requests].filter(([operation]) =>
    /getMe|connections\.open|auth\.test|gateway|users\/@me/i.test(operation),
  );

function cli(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH };
    const child = execFile(process.execPath, [PROGRAM, ...args], { env }, (_, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
  });
}

describe('a change of the config, while it runs', () => {
  test('touches only what has changed: other platforms see no new connection, and a turn under way ends normally', async () => {
    await using telegram = await new FakeTelegram().listen();
    await using slack = await new FakeSlack().listen();
    await using discord = await new FakeDiscord().listen();
    await using model = await new FakeOpenAI().listen();
    model.models = ['fake-model', 'new-model'];
    const channels = `channels:\n${telegramOf(telegram)}${slackOf(slack)}${discordOf(discord)}`;
    await using daemon = await Daemon.start(`log: { level: debug }\n${agentOf(model)}${channels}`);
    for (const name of ['telegram', 'slack', 'discord']) await connected(daemon, name);
    const before = [slack, discord].map(greetings);
    expect(
      before.every((asked) => asked.length > 0),
      JSON.stringify([...slack.requests, ...discord.requests]),
    ).toBe(true);

    model.gate = new Gate();
    slack.say('a long question', { channel: 'D0ALICE' });
    telegram.say({ text: 'another one' });
    await model.until(() => model.asked === 2, 'both questions');

    daemon.edit((yaml) =>
      yaml.replace('api_root', 'poll_timeout_seconds: 20, api_root').replace('fake-model', 'new-model'),
    );
    const since = daemon.lines.length;
    expect(await daemon.reload()).toEqual({
      changes: [
        'channel telegram: changed, and connects anew',
        'agent default: changed from its next answer on',
      ],
    });
    await connected(daemon, 'telegram', since);
    model.gate.open(1000);
    await telegram.until(() => telegram.sent.length === 1, 'the answer that was under way');
    await slack.until(() => slack.said('D0ALICE').length > 0, 'the other one');
    telegram.say({ text: 'who are you now?' });
    await telegram.until(() => telegram.sent.length === 2, 'the next answer');
    expect(model.chats.map((chat) => chat.model)).toEqual(['fake-model', 'fake-model', 'new-model']);
    expect([slack, discord].map(greetings)).toEqual(before);
    for (const name of ['slack', 'discord'])
      expect(
        daemon.lines
          .slice(since)
          .filter((line) => line.channel === name && line.msg.startsWith(`${name} is`)),
      ).toEqual([]);
    expect(daemon.lines.filter(({ level }) => level >= 40)).toEqual([]);
  });

  test('an adapter is exchanged again and again under load: every message is answered once, and none is marked as repeated', async () => {
    await using telegram = await new FakeTelegram().listen();
    const line = telegramOf(telegram, ', poll_timeout_seconds: 30');
    await using daemon = await Daemon.start(`channels:\n${line}`);
    await connected(daemon, 'telegram');
    const words = Array.from({ length: 200 }, (_, index) => `word-${index}-`);
    let said = 0;
    for (let round = 0; round < 5; round += 1) {
      for (; said < (round + 1) * 40; said += 1)
        telegram.say({ chat: 1 + (said % 10), text: words[said] ?? '' });
      await telegram.until(() => telegram.sent.length > round * 40, `the first answers of round ${round}`);
      const since = daemon.lines.length;
      daemon.edit((yaml) => yaml.replace(/poll_timeout_seconds: \d+/, `poll_timeout_seconds: ${20 + round}`));
      expect(await daemon.reload()).toEqual({ changes: ['channel telegram: changed, and connects anew'] });
      await connected(daemon, 'telegram', since);
    }
    await telegram.until(() => telegram.sent.length >= words.length, 'all answers');
    await daemon.kill('SIGTERM');
    for (const word of words)
      expect(
        textsOf(telegram).filter((text) => text.includes(word)),
        word,
      ).toHaveLength(1);
    expect(textsOf(telegram).filter((text) => text.includes('↻'))).toEqual([]);
  });

  test('a channel that is taken away and comes back takes up what waits; one that was off till now, too', async () => {
    await using telegram = await new FakeTelegram().listen();
    await using slack = await new FakeSlack().listen();
    await using model = await new FakeOpenAI().listen();
    const config = `${agentOf(model)}channels:\n${telegramOf(telegram)}${slackOf(slack)}`;
    await using daemon = await Daemon.start(config);
    await connected(daemon, 'telegram');
    const switchTo = (on: boolean) =>
      daemon.edit((yaml) => yaml.replace(/telegram: { (enabled: \w+, )?/, `telegram: { enabled: ${on}, `));

    model.gate = new Gate();
    telegram.say({ text: 'first' });
    await model.until(() => model.asked === 1, 'the question');
    switchTo(false);
    expect(await daemon.reload()).toEqual({
      changes: ['channel telegram: removed; what waits for it waits until it is back'],
    });
    model.gate.open(1000);
    await model.until(() => model.underWay === 0, 'the end of the turn');
    telegram.say({ text: 'second' });
    expect(telegram.sent).toEqual([]);
    switchTo(true);
    expect(await daemon.reload()).toEqual({ changes: ['channel telegram: added'] });
    await telegram.until(() => telegram.sent.length === 2, 'both answers');

    model.gate = new Gate();
    telegram.say({ text: 'third' });
    await model.until(() => model.asked === 3, 'the third question');
    await daemon.kill('SIGKILL');
    model.gate = undefined;
    switchTo(false);
    await daemon.boot();
    switchTo(true);
    await daemon.reload();
    await telegram.until(() => telegram.sent.length === 3, 'the third answer');
    telegram.say({ text: 'fourth' });
    await telegram.until(() => telegram.sent.length === 4, 'the fourth');
  });

  test('every platform can be left and taken up again while the others go on', async () => {
    await using all = await every();
    const { fars } = all;
    await using daemon = await startWith(fars);
    for (const far of fars) {
      const { name, direct } = far;
      const answered = (word: string) =>
        far.until(
          () => direct.told().some(({ text }) => text.includes(word)),
          `${name}: the answer to ${word}`,
        );
      await direct.say('apple');
      await answered('apple');
      const since = daemon.lines.length;
      daemon.edit((yaml) => yaml.replace(`${name}: { `, `${name}: { enabled: false, `));
      expect(await daemon.reload()).toMatchObject({ changes: [expect.stringContaining(`${name}: removed`)] });
      daemon.edit((yaml) => yaml.replace('enabled: false, ', ''));
      expect(await daemon.reload()).toEqual({ changes: [`channel ${name}: added`] });
      await connected(daemon, name, since);
      await far.open?.(daemon.url);
      await direct.say('banana');
      await answered('banana');
      const others = daemon.lines.slice(since).filter(({ msg }) => / is connected$/.test(msg));
      expect(others.map(({ channel }) => channel)).toEqual([name]);
    }
  });

  test('what needs no connection counts at once, on the same one', async () => {
    await using telegram = await new FakeTelegram().listen();
    await using daemon = await Daemon.start(`log: { level: debug }\nchannels:\n${telegramOf(telegram)}`);
    await connected(daemon, 'telegram');
    const before = greetings(telegram);
    telegram.say({ text: 'hello' });
    await telegram.until(() => telegram.sent.length === 1, 'the answer');
    daemon.edit((yaml) =>
      yaml.replace('dm_policy: open', 'dm_policy: disabled').replace('level: debug', 'level: info'),
    );
    expect(await daemon.reload()).toEqual({
      changes: ['channel telegram: changed, and stays connected', 'log.level: changed'],
    });
    daemon.edit((yaml) =>
      yaml
        .replace('dm_policy: disabled', 'dm_policy: open, agent: second')
        .replace('default: {', 'second: { type: echo }, default: {'),
    );
    telegram.say({ text: 'not heard' });
    await daemon.reload();
    telegram.say({ text: 'heard again' });
    await telegram.until(() => telegram.sent.length === 2, 'the answer of the other agent');
    expect(textsOf(telegram)[1]).toContain('heard again');
    expect(greetings(telegram)).toEqual(before);
  });
});

describe('a config with mistakes', () => {
  test('changes nothing; whoever asked is told every mistake with its place, and so is the log', async () => {
    await using telegram = await new FakeTelegram().listen();
    await using daemon = await Daemon.start(`channels:\n${telegramOf(telegram)}`);
    await connected(daemon, 'telegram');
    const before = greetings(telegram);
    daemon.edit((yaml) => `${yaml.replace('dm_policy: open', 'dm_policy: oepn')}langauge: en\n`);
    const { code, out, err } = await cli('reload', '--config', daemon.configFile);
    expect({ code, out }).toEqual({ code: 78, out: '' });
    expect(err).toMatch(/openclaw\.config\.yaml:\d+:\d+: channels\.telegram\.dm_policy: .*open/);
    expect(err).toMatch(/openclaw\.config\.yaml:\d+:1: langauge: .*language/);
    expect(err).toContain('Nothing was changed.');

    const since = daemon.lines.length;
    process.kill(daemon.pid, 'SIGHUP');
    await daemon.until(
      ({ msg }) => /:\d+:\d+: channels\.telegram\.dm_policy/.test(msg),
      'the mistake',
      since,
    );
    await daemon.until(({ msg }) => msg.includes('all stays as it was'), 'the outcome', since);

    daemon.edit(() => 'channels: {\n');
    const broken = await cli('reload', '--config', daemon.configFile);
    expect(broken.code).toBe(78);
    expect(broken.err).toMatch(/openclaw\.config\.yaml:\d+:\d+: /);

    telegram.say({ text: 'still there?' });
    await telegram.until(() => telegram.sent.length === 1, 'the answer');
    expect(greetings(telegram)).toEqual(before);
  });

  test('a file that is sound again is taken by SIGHUP; without a change nothing happens', async () => {
    await using daemon = await Daemon.start('channels: { webchat: {} }\n');
    expect(await cli('reload', '--config', daemon.configFile)).toMatchObject({
      code: 0,
      out: 'nothing has changed\n',
    });
    daemon.edit((yaml) =>
      yaml.replace('webchat: {}', 'webchat: {}, other: { type: webchat }').replace('port: 0', 'port: 1'),
    );
    const since = daemon.lines.length;
    process.kill(daemon.pid, 'SIGHUP');
    const line = await daemon.until(
      ({ msg }) => msg.startsWith('the configuration was read anew'),
      'its end',
      since,
    );
    expect(line.changes).toEqual(['channel other: added', 'gateway.port: counts after a restart']);
    await connected(daemon, 'other', since);
  });

  test('an admin who asks in a chat is told there what has changed, or every mistake; nobody else can', async () => {
    await using telegram = await new FakeTelegram().listen();
    await using daemon = await Daemon.start(`channels:\n${telegramOf(telegram)}`);
    await connected(daemon, 'telegram');
    const { code } = JSON.parse((await commandLine(daemon, 'claim', '--json')).out) as { code: string };
    const ask = async (text: string, chat = 42) => {
      const before = telegram.sent.length;
      telegram.say({ chat, text });
      await telegram.until(() => telegram.sent.length > before, `an answer to ${text}`);
      return telegram.sent.at(-1)?.text ?? '';
    };
    await ask(`/claim ${code}`);
    daemon.edit((yaml) => yaml.replace('dm_policy: open', 'dm_policy: oepn'));
    const refusal = await ask('/reload');
    expect(refusal).toContain('all stays as it was');
    expect(refusal).toMatch(/openclaw\.config\.yaml:\d+:\d+: channels\.telegram\.dm_policy: found "oepn"/);

    const since = daemon.lines.length;
    daemon.edit((yaml) => yaml.replace('dm_policy: oepn', 'dm_policy: open, poll_timeout_seconds: 7'));
    expect(await ask('/reload', 43)).not.toContain('connects anew');
    expect(daemon.lines.slice(since).filter(({ msg }) => msg.includes('read anew'))).toEqual([]);
    expect(await ask('/reload'), 'over the connection that it has made').toContain(
      'channel telegram: changed, and connects anew',
    );
    expect(telegram.sent.filter(({ text }) => text.includes('connects anew'))).toHaveLength(1);
  });

  test('a command without a gateway says that none is running', async () => {
    await using daemon = await Daemon.start('channels: { webchat: {} }\n');
    await daemon.kill('SIGTERM');
    const { code, err } = await cli('reload', '--config', daemon.configFile);
    expect(code).toBe(1);
    expect(err).toContain('the gateway is not running');
  });
});

describe('secrets', () => {
  const OLD = 'the-old-token-of-the-gateway';
  const NEW = 'the-new-token-of-the-gateway';

  test('another gateway.token closes what the old one has opened, and nothing more is heard from there', async () => {
    await using daemon = await Daemon.start(
      `gateway: { port: 0, token: ${OLD} }\nchannels: { webchat: {} }\n`,
    );
    await connected(daemon, 'webchat');
    const origin = daemon.url.slice(0, -1);
    const login = (token: string) =>
      fetch(`${daemon.url}login`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    const [set = ''] = (await login(OLD)).headers.getSetCookie();
    const cookie = set.split(';')[0] ?? '';
    const page = () => fetch(`${daemon.url}channels/webchat/`, { headers: { cookie } });
    expect((await page()).status).toBe(200);
    const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}channels/webchat/ws`, {
      headers: { cookie, origin },
    });
    await once(socket, 'open');
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    const closed = once(socket, 'close');

    daemon.edit((yaml) => yaml.replace(OLD, NEW));
    expect(await daemon.reload()).toEqual({ changes: ['gateway.token: changed'] });
    expect((await page()).status).toBe(401);
    expect((await login(OLD)).status).toBe(401);
    socket.send(JSON.stringify({ type: 'hello' }));
    await closed;
    expect(heard).toEqual([]);
    expect((await login(NEW)).status).toBe(204);
    expect(daemon.text).not.toContain(NEW);

    daemon.edit((yaml) => yaml.replace(`, token: ${NEW}`, ''));
    await daemon.reload();
    expect((await fetch(`${daemon.url}channels/webchat/`)).status).toBe(200);
  });

  test('a port that others reach keeps its token until the restart that closes it', async () => {
    await using daemon = await Daemon.start(
      `gateway: { host: 0.0.0.0, port: 0, token: ${OLD} }\nchannels: { webchat: {} }\n`,
    );
    daemon.edit((yaml) => yaml.replace(`host: 0.0.0.0, port: 0, token: ${OLD}`, 'host: 127.0.0.1, port: 0'));
    expect(await daemon.reload()).toMatchObject({
      refused: expect.stringContaining('counts after a restart'),
    });
    expect((await fetch(`${daemon.url}channels/webchat/`)).status).toBe(401);
  });

  test('of a new config are kept out of the log at once', async () => {
    await using telegram = await new FakeTelegram().listen();
    await using daemon = await Daemon.start(`log: { level: debug }\nchannels:\n${telegramOf(telegram)}`);
    await connected(daemon, 'telegram');
    const canary = '424242:canary-that-nobody-may-see-0123456789';
    daemon.edit((yaml) => yaml.replace(telegram.token, canary));
    const since = daemon.lines.length;
    await daemon.reload();
    await daemon.until(({ msg }) => msg.startsWith('telegram is refused'), 'the refusal', since);
    daemon.edit((yaml) => yaml.replace('http://', `http://${canary.slice(7)}@`));
    await daemon.reload();
    await daemon.kill('SIGTERM');
    expect(daemon.text).not.toContain('canary-that');
  });
});
