import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FakeDiscord } from '../platforms/discord.ts';
import type { FakeHttpServer } from '../platforms/fake-http.ts';
import { FakeOpenAI, Gate } from '../platforms/openai.ts';
import { FakeSlack } from '../platforms/slack.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon, PROGRAM } from './daemon.ts';
import { agentOf } from './far/start.ts';

const FAST = 'rate_limits: { channel: { burst: 1000, per_second: 1000 }, direct: { burst: 1000, per_second: 1000 } }';
const telegramOf = (fake: FakeTelegram, more = '') =>
  `  telegram: { dm_policy: open, ${FAST}, token: "${fake.token}", api_root: "${fake.url}"${more} }\n`;
const slackOf = (fake: FakeSlack) =>
  `  slack: { dm_policy: open, mode: socket, app_token: "${fake.appToken}", bot_token: "${fake.botToken}", api_url: "${fake.apiUrl}" }\n`;
const discordOf = (fake: FakeDiscord) =>
  `  discord: { dm_policy: open, token: "${fake.token}", api_url: "${fake.apiUrl}" }\n`;

const connected = (daemon: Daemon, channel: string, from = 0) =>
  daemon.until(({ msg }) => msg === `${channel} is connected`, `${channel} is connected`, from);
const connectionsOf = (daemon: Daemon, channel: string) =>
  daemon.lines.filter((line) => line.channel === channel && line.msg.includes(' is ')).length;
const textsOf = ({ sent }: FakeTelegram) => sent.map(({ text }) => text);

/** What a fake was asked that is part of connecting to it. */
const greetings = (fake: FakeHttpServer) =>
  [...fake.requests].filter(([operation]) => /getMe|connections\.open|auth\.test|gateway|users\/@me/i.test(operation));

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
    const channels = `channels:\n${telegramOf(telegram)}${slackOf(slack)}${discordOf(discord)}`;
    await using daemon = await Daemon.start(`log: { level: debug }\n${agentOf(model)}${channels}`);
    for (const name of ['telegram', 'slack', 'discord']) await connected(daemon, name);
    const before = [slack, discord].map(greetings);
    expect(before.every((asked) => asked.length > 0), JSON.stringify([...slack.requests, ...discord.requests])).toBe(true);

    model.gate = new Gate();
    slack.say('a long question', { channel: 'D0ALICE' });
    telegram.say({ text: 'another one' });
    await model.until(() => model.asked === 2, 'both questions');

    daemon.edit((yaml) => yaml.replace('api_root', 'poll_timeout_seconds: 20, api_root').replace('fake-model', 'new-model'));
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
    for (const name of ['slack', 'discord']) expect(daemon.lines.slice(since).filter((line) => line.channel === name && line.msg.startsWith(`${name} is`))).toEqual([]);
    expect(daemon.lines.filter(({ level }) => level >= 40)).toEqual([]);
  });
});
