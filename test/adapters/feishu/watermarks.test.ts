import { describe, expect, it } from 'vitest';
import { advance, decode, encode } from '../../../adapters/feishu/watermarks.ts';
import { chatId, type InboundMessage, platformMessageId, senderId } from '../../../src/contract/index.ts';

const message = (chat: string, at: number, more: Partial<InboundMessage> = {}): InboundMessage => ({
  dedupeKey: `${chat}/${at}`,
  chat: { id: chatId(chat), kind: 'group' },
  sender: { id: senderId('ou_alice') },
  platformId: platformMessageId(`om_${at}`),
  sentAt: at,
  text: '',
  addressed: false,
  ...more,
});

describe('watermarks', () => {
  it('go up only, and survive as a cursor', () => {
    const marks = advance(decode(undefined), [message('oc_1', 5), message('oc_1', 3), message('oc_2', 4)]);
    expect(decode(encode(marks))).toEqual(marks);
    expect([...marks]).toEqual([
      ['oc_1', { at: 5, kind: 'group', last: 'om_5' }],
      ['oc_2', { at: 4, kind: 'group', last: 'om_4' }],
    ]);
  });

  it('are not moved by what happens to older messages', () => {
    const change = { kind: 'reaction', of: platformMessageId('om_1') } as const;
    expect(advance(new Map(), [message('oc_1', 9, { change })]).size).toBe(0);
  });

  it('keep the 200 liveliest chats', () => {
    let marks = advance(new Map(), [message('oc_busy', 0)]);
    for (let at = 1; at <= 300; at++)
      marks = advance(marks, [message(`oc_${at}`, at), message('oc_busy', at)]);
    expect(marks.size).toBe(200);
    expect(marks.has(chatId('oc_busy'))).toBe(true);
    expect(marks.has(chatId('oc_100'))).toBe(false);
  });

  it.each(['', '7', '{"oc_1":[1]}', 'null'])('begin anew with a cursor that is none: %s', (text) => {
    expect(decode(text).size).toBe(0);
  });
});
