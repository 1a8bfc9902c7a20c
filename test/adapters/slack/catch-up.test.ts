import { expect, it } from 'vitest';
import { raised, watermarksIn } from '../../../adapters/slack/watermarks.ts';
import { chatId, type InboundMessage, platformMessageId, senderId } from '../../../src/contract/index.ts';
import { connectedSlack, inThread, outbound, recordedLog, soon } from './kit.ts';

type Slack = Awaited<ReturnType<typeof connectedSlack>>;

const textsOf = (slack: Slack) => slack.host.messages.map(({ text }) => text);

/** Something is said, and the watermark stands at it. */
async function sayFirst(slack: Slack): Promise<void> {
  const { ts } = slack.fake.say('first');
  await slack.host.until(() => slack.host.cursor()?.includes(ts) === true, 'the watermark');
}

/** Something is said that Slack never tells, as when the gateway is away for longer than Slack repeats. */
function unheard(slack: Slack, say: () => void): void {
  slack.fake.mute = true;
  say();
  slack.fake.mute = false;
}

it('fetches after a restart what was said meanwhile, in order, and once', async () => {
  await using slack = await connectedSlack();
  slack.fake.say('one');
  slack.fake.say('general one', { channel: 'C0GENERAL' });
  await slack.host.until(() => slack.host.messages.length === 2, 'what is told');
  await slack.stop();
  unheard(slack, () => {
    for (let i = 0; i < 230; i++) slack.fake.say(`missed ${i}`);
    slack.fake.say('<@U0BOT> general two', { channel: 'C0GENERAL' });
  });
  await slack.start();
  await slack.host.until(() => slack.host.messages.length === 233, 'all of it');
  expect(textsOf(slack).filter((text) => text.startsWith('missed'))).toEqual(
    Array.from({ length: 230 }, (_, i) => `missed ${i}`),
  );
  expect(slack.host.messages.find(({ text }) => text === 'general two')).toMatchObject({ addressed: true });
});

it('fetches from threads, known and new, and leaves out what bots said', async () => {
  await using slack = await connectedSlack();
  const { ts } = slack.fake.say('<@U0BOT> begin', { channel: 'C0GENERAL' });
  await slack.host.until(() => slack.host.messages.length === 1, 'what is told');
  await slack.adapter.send(outbound('my answer', { chat: inThread('C0GENERAL', ts) }), soon());
  await slack.stop();
  unheard(slack, () => {
    slack.fake.say('<@U0BOT> go on', { channel: 'C0GENERAL', thread_ts: ts });
    const other = slack.fake.say('another', { channel: 'C0GENERAL' });
    slack.fake.say('under another', { channel: 'C0GENERAL', thread_ts: other.ts });
  });
  await slack.start();
  await slack.host.until(() => slack.host.messages.length === 4, 'all of it');
  expect(textsOf(slack).toSorted()).toEqual(['another', 'begin', 'go on', 'under another']);
  expect(slack.host.messages.find(({ text }) => text === 'go on')?.chat.id).toBe(`C0GENERAL:${ts}`);
});

it('remembers several conversations that spoke at once', async () => {
  await using slack = await connectedSlack();
  slack.fake.open('D0BOB', 'im');
  slack.fake.say('hi');
  slack.fake.say('ho', { channel: 'D0BOB', user: 'U0BOB' });
  await slack.fake.until(() => slack.fake.events.acked === 2, 'both acks');
  await slack.host.until(() => watermarksIn(slack.host.cursor()).length === 2, 'both watermarks');
});

it('fetches what could not be stored, though Slack has given up', async () => {
  await using slack = await connectedSlack();
  await sayFirst(slack);
  const before = slack.host.cursor();
  // Once when it comes, and once when it is fetched.
  slack.host.rejectNext(2);
  slack.fake.say('not to be lost');
  await slack.host.until(() => slack.host.messages.length === 2, 'the message');
  expect(textsOf(slack)).toEqual(['first', 'not to be lost']);
  slack.fake.say('last');
  await slack.host.until(() => slack.host.messages.length === 3, 'the last message');
  await slack.host.until(() => slack.host.cursor() !== before, 'the watermark to rise');
});

it('does not raise a watermark over what is not on disk', async () => {
  await using slack = await connectedSlack();
  await sayFirst(slack);
  const { host, fake } = slack;
  const letGo = fake.holdNext('conversations.history');
  host.rejectNext();
  const lost = fake.say('lost');
  await host.until(() => host.offers === 2, 'the failure');
  const elsewhere = fake.say('elsewhere', { channel: 'C0GENERAL' });
  await host.until(() => host.cursor()?.includes(elsewhere.ts) === true, 'the watermark there');
  expect(host.cursor()).not.toContain(lost.ts);
  letGo();
  await host.until(() => host.cursor()?.includes(lost.ts) === true, 'the watermark here');
});

it('fetches what was missed, though something newer comes with the greeting', async () => {
  await using slack = await connectedSlack();
  await sayFirst(slack);
  await slack.stop();
  unheard(slack, () => slack.fake.say('missed'));
  const newer = slack.fake.say('newer');
  await slack.start();
  await slack.host.until(() => slack.host.messages.length === 3, 'both');
  await slack.host.until(() => slack.host.cursor()?.includes(newer.ts) === true, 'the watermark to rise');
});

it('fetches the very first message of a conversation, if it could not be stored', async () => {
  await using slack = await connectedSlack();
  slack.host.rejectNext(2);
  slack.fake.say('not to be lost');
  await slack.host.until(() => slack.host.messages.length === 1, 'the message');
});

it('fetches after Slack has moved the connection', async () => {
  await using slack = await connectedSlack();
  await sayFirst(slack);
  unheard(slack, () => slack.fake.say('missed'));
  slack.fake.events.disconnectApp();
  await slack.host.until(() => slack.host.messages.length === 2, 'the missed message');
});

it('goes on where Slack asked to wait, and past what is closed to us', async () => {
  await using slack = await connectedSlack();
  slack.fake.say('first');
  slack.fake.say('first', { channel: 'C0GENERAL' });
  await slack.host.until(() => watermarksIn(slack.host.cursor()).length === 2, 'both watermarks');
  await slack.stop();
  unheard(slack, () => slack.fake.say('missed', { channel: 'C0GENERAL' }));
  // The first is asked once more, after the other.
  slack.fake.fail('conversations.history', { kind: 'status', status: 429, headers: { 'retry-after': '1' } });
  slack.fake.fail('conversations.history', {
    kind: 'status',
    status: 200,
    body: { ok: false, error: 'not_in_channel' },
  });
  await slack.start();
  const log = recordedLog();
  Object.assign(slack.host.log, log);
  await slack.host.until(() => slack.host.messages.length === 3, 'the missed message');
});

it('reports credentials that are refused on the way', async () => {
  await using slack = await connectedSlack();
  await sayFirst(slack);
  slack.fake.botToken = 'xoxb-test-new-token';
  slack.fake.events.disconnectApp();
  await slack.host.until(() => slack.host.states.at(-1)?.state === 'disconnected', 'the report');
  expect(slack.host.states.at(-1)).toMatchObject({ error: { kind: 'auth' } });
});

it('keeps to itself what people say', async () => {
  await using slack = await connectedSlack();
  const log = recordedLog();
  Object.assign(slack.host.log, log);
  await sayFirst(slack);
  slack.host.rejectNext();
  slack.fake.fail('conversations.history', { kind: 'drop' });
  slack.fake.say('very private');
  await slack.host.until(() => slack.host.messages.length === 2, 'the message');
  expect(log.lines).not.toEqual([]);
  for (const secret of ['very private', slack.fake.botToken, slack.fake.appToken]) {
    expect(log.lines.join('\n')).not.toContain(secret);
  }
});

it('bounds what it remembers, and takes no button for something said', () => {
  const message = (number: number): InboundMessage => ({
    dedupeKey: `${number}`,
    chat: { id: chatId(`D0CHAT${number}`), kind: 'direct' },
    sender: { id: senderId('U0ALICE') },
    platformId: platformMessageId(`17000${number}.000100`),
    sentAt: 0,
    text: 'hi',
    addressed: true,
  });
  const messages = Array.from({ length: 500 }, (_, index) => message(10_000 + index));
  const marks = raised([], messages);
  expect(marks).toHaveLength(100);
  expect(marks[0]).toEqual(['D0CHAT10499', '1700010499.000100']);
  expect(raised([], [{ ...message(10_500), choice: {} }])).toEqual([]);
  expect(raised(marks, [{ ...message(10_499), platformId: platformMessageId('1.000100') }])).toEqual(marks);
});
