import { expect, test } from 'vitest';
import { type ChatId, chatId, type TurnId } from '../../../src/contract/index.ts';
import { refusal } from './refusal.ts';
import { outbound, PATIENT, type Setup, setUp } from './setup.ts';

const ANN = chatId('42');
const turn = outbound('').turn;
const ANOTHER = '0000000000000002' as TurnId;

async function connected(): Promise<Setup & { show(text: string, chat?: ChatId, of?: TurnId): void }> {
  const it = await setUp();
  for (const chat of [42, -1009]) it.platform.chat(chat);
  await it.adapter.start(it.host);
  return { ...it, show: (text, chat = ANN, of = turn) => it.adapter.stream?.(chat, of, text) };
}

/** As much as it takes from the first words to their preview, elsewhere. */
async function someTime(): Promise<void> {
  await using clock = await connected();
  clock.show('tick');
  await clock.platform.until(() => clock.platform.drafts.length === 1, 'the preview');
}

test('an answer is shown while it grows, and gives way to itself', async () => {
  await using it = await connected();
  it.show('On');
  it.show('Once **upon');
  await it.platform.until(() => it.platform.drafts.length === 1, 'the first draft');
  it.show('Once **upon** a time');
  await it.platform.until(() => it.platform.drafts.length === 2, 'the second draft');
  expect(it.platform.drafts.map(({ text }) => text)).toEqual(['Once **upon', 'Once upon a time']);
  expect(new Set(it.platform.drafts.map(({ draft }) => draft)).size).toBe(1);
  it.show('Once **upon** a time, and');
  await it.adapter.send(outbound('The end'), PATIENT);
  expect(it.platform.draftIn.get(42)).toBeUndefined();
  expect(it.platform.sent.map(({ text }) => text)).toEqual(['The end']);
});

test('an answer that is there at once has no preview, and none comes after it', async () => {
  await using it = await connected();
  it.show('The');
  await it.adapter.send(outbound('The end'), PATIENT);
  await someTime();
  expect(it.platform.requests.get('sendMessageDraft')).toBeUndefined();
});

test('an answer waits for a preview on its way, so that it is the last', async () => {
  await using it = await connected();
  const { promise, resolve } = Promise.withResolvers<void>();
  it.platform.draftGate = promise;
  it.show('The');
  await it.platform.until(() => it.platform.requests.get('sendMessageDraft') === 1, 'the draft');
  const sending = it.adapter.send(outbound('The end'), PATIENT);
  // A send there and back gives one that does not wait the time to arrive.
  await it.adapter.send(outbound('Other', { turn: ANOTHER }), PATIENT);
  resolve();
  await sending;
  expect(it.platform.draftIn.get(42)).toBeUndefined();
});

test('of a long answer the latest part is shown', async () => {
  await using it = await connected();
  it.show(`${'word '.repeat(2000)}\n\nlatest`);
  await it.platform.until(() => it.platform.drafts.length === 1, 'the draft');
  expect(it.platform.drafts[0]?.text).toMatch(/latest$/);
  expect(it.platform.drafts[0]?.text.length).toBeLessThanOrEqual(4096);
});

test('in groups there is none, and of six answers at a time five have one', async () => {
  await using it = await connected();
  it.show('in the group', chatId('-1009'));
  const turns = [1, 2, 3, 4, 5, 6].map((number) => `000000000000000${number}` as TurnId);
  for (const [index, of] of turns.entries()) it.show(`${index + 1}`, ANN, of);
  await it.platform.until(() => it.platform.drafts.length >= 5, 'five drafts');
  await someTime();
  expect(it.platform.drafts.map(({ text }) => text).toSorted()).toEqual(['1', '2', '3', '4', '5']);
  expect(it.platform.requests.get('sendMessageDraft')).toBe(5);
});

test('after a refusal there are no more for a while, and the answer comes all the same', async () => {
  await using it = await connected();
  it.platform.fail('sendMessageDraft', refusal(429, 'Too Many Requests: retry after 9', { retry_after: 9 }));
  it.show('The');
  await it.platform.until(() => it.platform.requests.get('sendMessageDraft') === 1, 'the refused draft');
  await it.adapter.send(outbound('The end'), PATIENT);
  it.show('Another', ANN, ANOTHER);
  await someTime();
  await it.adapter.send(outbound('Another end', { turn: ANOTHER }), PATIENT);
  expect(it.platform.drafts).toEqual([]);
  expect(it.platform.sent).toHaveLength(2);
  expect(it.host.states).toEqual([]);
});

test('stops with a preview in the waiting', async () => {
  await using it = await connected();
  it.show('The');
  await it.adapter.stop();
  it.show('The end');
  await someTime();
  expect(it.platform.requests.get('sendMessageDraft')).toBeUndefined();
});
