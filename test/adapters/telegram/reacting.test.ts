import { expect, test } from 'vitest';
import { type Chat, chatId, platformMessageId } from '../../../src/contract/index.ts';
import { refusal } from './refusal.ts';
import { failure, PATIENT, type Setup, setUp } from './setup.ts';

const CHAT: Chat = { id: chatId('42'), kind: 'direct' };

/** A person has said something, to which we can react. */
async function heard(): Promise<Setup & { id: number; react(emoji: string): Promise<void> }> {
  const it = await setUp();
  await it.adapter.start(it.host);
  const id = it.platform.say({ text: 'Good news' });
  const react = async (emoji: string) => it.adapter.react?.(CHAT, platformMessageId(`${id}`), emoji, PATIENT);
  return { ...it, id, react };
}

test.each([
  ['as it is', '👍', '👍'],
  ['with the selector of its look', '❤️', '❤'],
  ['of several characters, with selectors', '❤️‍🔥', '❤‍🔥'],
  ['of several characters', '🤷🏽‍♀️', '🤷‍♀'],
  ['with a skin tone', '👏🏿', '👏'],
])('an emoji %s', async (_, emoji, shown) => {
  await using it = await heard();
  await it.react(emoji);
  expect(it.platform.reactionsTo(42, it.id)).toEqual([shown]);
});

test('another one takes the place of the first', async () => {
  await using it = await heard();
  await it.react('👀');
  await it.react('👌');
  expect(it.platform.reactionsTo(42, it.id)).toEqual(['👌']);
});

test.each(['🦖', '', 'a', '👍👍', '+1'])('"%s" is none that Telegram has', async (emoji) => {
  await using it = await heard();
  expect(await failure(it.react(emoji))).toMatchObject({ kind: 'rejected', certain: true });
  expect(it.platform.requests.has('setMessageReaction')).toBe(false);
});

test.each([
  ['the group does not allow it', refusal(400, 'Bad Request: REACTION_INVALID'), { kind: 'rejected' }],
  [
    'too fast',
    refusal(429, 'Too Many Requests: retry after 9', { retry_after: 9 }),
    { kind: 'rate_limited', retryAfterMs: 9000 },
  ],
  ['the answer is lost', { kind: 'drop' }, { kind: 'network', certain: false }],
] as const)('%s', async (_, fault, expected) => {
  await using it = await heard();
  it.platform.fail('setMessageReaction', fault);
  expect(await failure(it.react('👍'))).toMatchObject(expected);
  expect(it.platform.requests.get('setMessageReaction'), 'one attempt').toBe(1);
});

test('to a message in a topic, and to one that is gone', async () => {
  await using it = await heard();
  const id = it.platform.say({ chat: -1009, topic: 77, text: 'hi' });
  const topic: Chat = { id: chatId('-1009/77'), kind: 'group' };
  await it.adapter.react?.(topic, platformMessageId(`${id}`), '🔥', PATIENT);
  expect(it.platform.reactionsTo(-1009, id)).toEqual(['🔥']);
  const gone = it.adapter.react?.(topic, platformMessageId('99'), '🔥', PATIENT);
  expect(await failure(gone ?? expect.fail())).toMatchObject({ kind: 'rejected' });
});

test('not while it is stopped', async () => {
  await using it = await heard();
  await it.adapter.stop();
  expect(await failure(it.react('👍'))).toMatchObject({ kind: 'network', certain: true });
});
