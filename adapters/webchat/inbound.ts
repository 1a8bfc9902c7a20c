import { z } from 'zod';
import { chatId, type InboundMessage, platformMessageId, senderId } from '../../src/contract/index.ts';

/** A message of a page, together with what the page does not say: who sent it, and when it came. */
export type PageMessage = z.infer<typeof pageMessage>;

const pageMessage = z.object({
  visitor: z.string().min(1),
  id: z.string().min(1),
  text: z.string(),
  at: z.number(),
});

export function normalize(raw: unknown): InboundMessage | undefined {
  const { data } = pageMessage.safeParse(raw);
  return data && toInbound(data);
}

/** One browser is one visitor, and one visitor is one direct chat. */
export function toInbound({ visitor, id, text, at }: PageMessage): InboundMessage {
  return {
    dedupeKey: dedupeKey(visitor, id),
    chat: { id: chatId(visitor), kind: 'direct' },
    sender: { id: senderId(visitor) },
    platformId: platformMessageId(id),
    sentAt: at,
    text,
    addressed: true,
  };
}

/** Pages choose their ids, so one browser's must not stand in another's way. */
export function dedupeKey(visitor: string, id: string): string {
  return `${visitor}/${id}`;
}
