import { z } from 'zod';
import type { ChatId, ChatKind, InboundMessage } from '../../src/contract/index.ts';

/** How far we have read in a chat. */
export interface Mark {
  /** When the latest message was said, in epoch milliseconds. */
  readonly at: number;
  readonly kind: ChatKind;
  /** That message: what is said in a thread must answer one of its messages. */
  readonly last: string;
}

/** How far we have read everywhere, the chat with the latest message last. */
export type Watermarks = ReadonlyMap<ChatId, Mark>;

/** Chats beyond these, the quietest ones, are forgotten; each is asked about when we come back from a gap. */
const MAX_CHATS = 200;

const cursor = z.record(
  z.string(),
  z.tuple([z.number(), z.enum(['direct', 'group']), z.string()]).transform(([at, kind, last]) => ({
    at,
    kind,
    last,
  })),
);

/** A cursor that is none of ours is a beginning. */
export function decode(text: string | undefined): Watermarks {
  try {
    return new Map(Object.entries(cursor.parse(JSON.parse(text ?? '{}'))) as [ChatId, Mark][]);
  } catch {
    return new Map();
  }
}

export function encode(marks: Watermarks): string {
  return JSON.stringify(
    Object.fromEntries([...marks].map(([chat, { at, kind, last }]) => [chat, [at, kind, last]])),
  );
}

/** The marks once these messages are stored. */
export function advance(marks: Watermarks, messages: readonly InboundMessage[]): Watermarks {
  const next = new Map(marks);
  for (const { chat, change, sentAt: at, platformId: last } of messages) {
    if (change !== undefined || at < (next.get(chat.id)?.at ?? 0)) continue;
    next.delete(chat.id);
    next.set(chat.id, { at, kind: chat.kind, last });
  }
  return new Map([...next].slice(-MAX_CHATS));
}
