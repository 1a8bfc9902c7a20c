import { expect, test } from 'vitest';
import { batchOf } from '../../src/adapter-kit/index.ts';
import { chatId, type InboundMessage, platformMessageId, senderId } from '../../src/contract/index.ts';

function normalize({ says }: { says?: string }): InboundMessage | undefined {
  if (says === '?!') throw new Error('what is that?');
  if (says === undefined) return undefined;
  return {
    dedupeKey: says,
    chat: { id: chatId('c'), kind: 'direct' },
    sender: { id: senderId('s') },
    platformId: platformMessageId(says),
    sentAt: 0,
    text: says,
    addressed: true,
  };
}

test('messages in their order, without what is none', () => {
  const { messages, unreadable } = batchOf([{ says: 'a' }, {}, { says: 'b' }], normalize, () => 'key');
  expect(messages.map(({ text }) => text)).toEqual(['a', 'b']);
  expect(unreadable).toEqual([]);
});

test('what cannot be read is kept, and blocks nothing', () => {
  const { messages, unreadable } = batchOf(
    [{ says: '?!' }, { says: 'b' }],
    normalize,
    (_, text) => `k${text}`,
  );
  expect(messages).toHaveLength(1);
  expect(unreadable).toEqual([
    { dedupeKey: 'k{"says":"?!"}', payload: '{"says":"?!"}', error: 'what is that?' },
  ]);
});

test('the adapter decides what of it is kept', () => {
  const secret = { says: '?!', token: 'a secret' };
  const { unreadable } = batchOf(
    [secret],
    normalize,
    () => 'key',
    ({ says }) => says ?? '',
  );
  expect(unreadable).toMatchObject([{ payload: '?!' }]);
});
