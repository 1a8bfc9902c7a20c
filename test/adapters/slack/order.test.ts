import { setImmediate as turn } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { clientOptions, silent } from '../../../adapters/slack/api.ts';
import { createIntake, type Patience } from '../../../adapters/slack/intake.ts';
import { watermarksIn } from '../../../adapters/slack/watermarks.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { FakeSlack, type SlackMessage } from '../../platforms/slack.ts';
import { connectedSlack } from './kit.ts';

/** No test waits as long as this. */
const LONG = 60_000;
const PATIENT: Patience = { holdMs: LONG, orderMs: LONG };

/** Slack, of which the gateway knows two chats, and a gateway that was away since and has just come back to it. */
async function back(patience = PATIENT) {
  const fake = await new FakeSlack().listen();
  fake.open('D0BOB', 'im');
  fake.open('D0NEW', 'im');
  const host = new TestHost();
  const web = ({ signal }: TestHost) =>
    new WebClient(fake.botToken, { ...clientOptions(fake.apiUrl, signal), logger: silent });
  const self = { user: fake.bot.user, team: fake.team, app: fake.app };
  const before = createIntake(host, web(host), self, host.signal, patience);
  const said = [fake.say('first'), fake.say('<@U0BOT> call', { channel: 'C0GENERAL' })];
  await before.take(eventOf(fake, said[0] as SlackMessage));
  await before.take(eventOf(fake, said[1] as SlackMessage, 'C0GENERAL'));
  const now = host.restarted();
  const intake = createIntake(now, web(now), self, now.signal, patience);
  return {
    fake,
    host: now,
    intake,
    call: said[1] as SlackMessage,
    texts: () => now.messages.slice(2).map(({ text }) => text),
    /** It is said, and told. */
    hear: (text: string, channel = 'D0ALICE', thread_ts?: string) =>
      intake.take(eventOf(fake, fake.say(text, { channel, ...(thread_ts && { thread_ts }) }), channel)),
    /** It is said, and never told. */
    miss: (text: string, channel = 'D0ALICE') => fake.say(text, { channel }),
    /** Alice reacts to a message, and it is told. */
    react(ts: string) {
      const item = { type: 'message', channel: 'D0ALICE', ts };
      const reaction = { type: 'reaction_added', user: 'U0ALICE', reaction: 'eyes', item, event_ts: ts };
      return intake.take(fake.callback(reaction));
    },
    async [Symbol.asyncDispose]() {
      now[Symbol.dispose]();
      await fake.stop();
    },
  };
}

function eventOf(fake: FakeSlack, message: SlackMessage, channel = 'D0ALICE'): unknown {
  return fake.callback({ ...message, channel });
}

it('is kept after a restart, though the newer message is told first', async () => {
  await using slack = await connectedSlack();
  const { ts } = slack.fake.say('first');
  await slack.host.until(() => slack.host.cursor()?.includes(ts) === true, 'the watermark');
  await slack.stop();
  slack.fake.mute = true;
  slack.fake.say('missed');
  slack.fake.mute = false;
  slack.fake.say('newer');
  const letGo = slack.fake.holdNext('conversations.history');
  await slack.start();
  await slack.fake.until(() => slack.fake.events.attempts > 1, 'the newer one to be told');
  await slack.fake.until(() => slack.fake.requests.get('conversations.history') === 1, 'the question');
  expect(slack.host.messages).toHaveLength(1);
  letGo();
  await slack.fake.until(() => slack.fake.events.acked === 2, 'the acks');
  expect(slack.host.messages.map(({ text }) => text)).toEqual(['first', 'missed', 'newer']);
});

it('is kept chat by chat: what is waited for is fetched first, and a new chat waits for nobody', async () => {
  await using slack = await back();
  slack.miss('missed');
  slack.miss('<@U0BOT> missed call', 'C0GENERAL');
  const newer = slack.hear('newer');
  await slack.hear('hello', 'D0NEW');
  expect(slack.texts()).toEqual(['hello']);
  slack.fake.fail('conversations.replies', { kind: 'hang' });
  slack.intake.catchUp();
  await newer;
  expect(slack.texts()).toEqual(['hello', 'missed', 'newer']);
});

it('holds in a thread that comes to light in its conversation, too', async () => {
  await using slack = await back();
  const { ts } = slack.miss('in a group', 'C0GENERAL');
  slack.fake.say('<@U0BOT> missed', { channel: 'C0GENERAL', thread_ts: ts });
  const newer = slack.hear('<@U0BOT> newer', 'C0GENERAL', ts);
  slack.intake.catchUp();
  await newer;
  expect(slack.texts()).toEqual(['in a group', 'missed', 'newer']);
});

it('holds after a message that could not be stored: nothing that came meanwhile overtakes it', async () => {
  await using slack = await back();
  slack.intake.catchUp();
  await slack.hear('second');
  const letGo = slack.host.hold();
  slack.host.rejectNext();
  const { offers } = slack.host;
  const third = slack.hear('third');
  await slack.host.until(() => slack.host.offers > offers, 'the offer');
  const outcomes = Promise.allSettled([third, slack.hear('fourth'), slack.hear('fifth')]);
  await turn();
  letGo();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await slack.hear('sixth');
  expect(slack.texts()).toEqual(['second', 'third', 'fourth', 'fifth', 'sixth']);
});

it('holds though Slack answers later than a message can wait: it is refused, and fetched', async () => {
  await using slack = await back({ holdMs: 1, orderMs: LONG });
  slack.miss('missed');
  await expect(slack.hear('newer')).rejects.toThrow();
  const letGo = slack.fake.holdNext('conversations.history', 'after');
  slack.intake.catchUp();
  await slack.fake.until(() => slack.fake.requests.get('conversations.history') === 1, 'the question');
  await expect(slack.hear('newer still')).rejects.toThrow();
  expect(slack.texts()).toEqual([]);
  letGo();
  await slack.host.until(() => slack.texts().length === 3, 'all of it');
  expect(slack.texts()).toEqual(['missed', 'newer', 'newer still']);
});

it('holds in such a thread where a message is refused, and its conversation is read later than it', async () => {
  await using slack = await back({ holdMs: 1, orderMs: LONG });
  const { ts } = slack.miss('in a group', 'C0GENERAL');
  slack.fake.say('missed', { channel: 'C0GENERAL', thread_ts: ts });
  await expect(slack.hear('newer', 'C0GENERAL', ts)).rejects.toThrow();
  await expect(slack.hear('newer still', 'C0GENERAL', ts)).rejects.toThrow();
  slack.fake.fail('conversations.history', { kind: 'status', status: 503 });
  slack.intake.catchUp();
  await slack.host.until(() => slack.texts().length === 4, 'all of it');
  expect(slack.texts().filter((text) => text !== 'in a group')).toEqual(['missed', 'newer', 'newer still']);
});

it('gives way where a message would be lost: a change is in no history', async () => {
  await using slack = await back({ holdMs: 1, orderMs: LONG });
  await slack.react(slack.miss('missed').ts);
  expect(slack.texts()).toEqual(['👀']);
});

it('gives way where the history cannot be had for long; what is missing is not forgotten', async () => {
  await using slack = await back({ holdMs: LONG, orderMs: 50 });
  const missed = slack.miss('missed');
  const before = slack.host.cursor() ?? '';
  const letGo = slack.fake.holdNext('conversations.history');
  slack.intake.catchUp();
  await slack.hear('newer');
  await slack.hear('newer still');
  expect(slack.texts()).toEqual(['newer', 'newer still']);
  expect(watermarksIn(slack.host.cursor())).toEqual(watermarksIn(before));
  letGo();
  await slack.host.until(() => slack.texts().length === 3, 'the missed message');
  await slack.host.until(() => slack.host.cursor() !== before, 'the watermark to rise');
  expect(slack.host.cursor()).not.toContain(missed.ts);
});

it('is not waited for any more when we stop', async () => {
  await using slack = await back();
  const { ts } = slack.miss('missed');
  const waiting = Promise.allSettled([slack.hear('newer'), slack.react(ts)]);
  await turn();
  slack.host.stop();
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(slack.host.offers).toBe(0);
});

it('asks each chat once, however often Slack makes it wait in between', async () => {
  await using slack = await back();
  const busy = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const;
  slack.miss('missed');
  slack.miss('missed there', 'C0GENERAL');
  slack.fake.fail('conversations.replies', busy);
  slack.intake.catchUp();
  await slack.host.until(() => slack.texts().length === 2, 'both');
  await slack.fake.until(() => slack.fake.requests.get('conversations.replies') === 2, 'the thread');
  expect(slack.fake.requests.get('conversations.history')).toBe(2);
});
