import { expect, test } from 'vitest';
import { chatId, type OutboundId } from '../../../src/contract/index.ts';
import { refusal } from './refusal.ts';
import { failure, outbound, PATIENT, type Setup, setUp } from './setup.ts';

const answer = outbound('The end');

async function connected(): Promise<Setup & { show(text: string, first?: OutboundId): Promise<void> }> {
  const it = await setUp();
  it.platform.chat(42);
  await it.adapter.start(it.host);
  const { chat, turn, id } = answer;
  return {
    ...it,
    show: async (text, first = id) => it.adapter.stream?.({ chat, turn, first, text }, PATIENT),
  };
}

test('an answer is shown while it grows, and gives way to itself', async () => {
  await using it = await connected();
  await it.show('Once **upon');
  await it.show('Once **upon** a time');
  expect(it.platform.drafts.map(({ text }) => text)).toEqual(['Once **upon', 'Once upon a time']);
  expect(new Set(it.platform.drafts.map(({ draft }) => draft)).size, 'it is one draft').toBe(1);
  await it.adapter.send(answer, PATIENT);
  expect(it.platform.draftIn.get(42)).toBeUndefined();
  expect(it.platform.sent.map(({ text }) => text)).toEqual(['The end']);
  await it.show('Another', '0000000000000002-0' as OutboundId);
  expect(new Set(it.platform.drafts.map(({ draft }) => draft)).size, 'it is another draft').toBe(2);
});

test('an answer waits for a preview on its way, so that it is the last', async () => {
  await using it = await connected();
  const { promise, resolve } = Promise.withResolvers<void>();
  it.platform.draftGate = promise;
  const showing = it.show('The');
  await it.platform.until(() => it.platform.requests.get('sendMessageDraft') === 1, 'the draft');
  const sending = it.adapter.send(answer, PATIENT);
  // A send elsewhere, there and back, gives one that does not wait the time to arrive.
  it.platform.chat(43);
  await it.adapter.send(outbound('Other', { chat: { ...answer.chat, id: chatId('43') } }), PATIENT);
  resolve();
  await Promise.all([showing, sending]);
  expect(it.platform.draftIn.get(42)).toBeUndefined();
});

test('of a long answer the latest part is shown, and of a blank one nothing', async () => {
  await using it = await connected();
  await it.show(' \n');
  await it.show(`${'word '.repeat(2000)}\n\nlatest`);
  expect(it.platform.drafts).toHaveLength(1);
  expect(it.platform.drafts[0]?.text).toMatch(/latest$/);
  expect(it.platform.drafts[0]?.text.length).toBeLessThanOrEqual(4096);
});

test('a refusal tells how long to wait, and the answer comes all the same', async () => {
  await using it = await connected();
  it.platform.fail('sendMessageDraft', refusal(429, 'Too Many Requests: retry after 9', { retry_after: 9 }));
  expect(await failure(it.show('The'))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 9000 });
  await it.adapter.send(answer, PATIENT);
  expect(it.platform.sent).toHaveLength(1);
});

test('stops with a preview on its way', async () => {
  await using it = await connected();
  it.platform.fail('sendMessageDraft', { kind: 'hang' });
  const showing = failure(it.show('The'));
  await it.platform.until(() => it.platform.requests.get('sendMessageDraft') === 1, 'the draft');
  await it.adapter.stop();
  expect(await showing).toMatchObject({ kind: 'network' });
  expect(await failure(it.show('The end'))).toMatchObject({ kind: 'network', certain: true });
});
