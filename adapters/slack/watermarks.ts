import type { InboundMessage } from '../../src/contract/index.ts';
import type { Gap } from './gaps.ts';
import { isTs, placeOf, toChatId } from './places.ts';

/** How many conversations and threads are remembered: those in which something was said last. */
const MAX = 100;

/**
 * Up to where each conversation and thread is on disk: by chat id, the `ts` of the newest message there; those in which
 * something was said last come first. As JSON it is the channel's cursor.
 */
export type Watermarks = readonly (readonly [chat: string, ts: string])[];

export function watermarksIn(cursor: string | undefined): Watermarks {
  return cursor === undefined ? [] : (JSON.parse(cursor) as Watermarks);
}

/** The watermarks when these messages are on disk, too. */
export function raised(marks: Watermarks, messages: readonly InboundMessage[]): Watermarks {
  const next = new Map(marks);
  for (const message of messages) {
    for (const [chat, ts] of placesOf(message)) if (ts > (next.get(chat) ?? '')) next.set(chat, ts);
  }
  return latest(next);
}

/** The watermarks that hold although something may be missing. */
export function lowered(marks: Watermarks, gaps: readonly Gap[]): Watermarks {
  return latest(new Map([...marks, ...gaps.map(({ chat, since }) => [chat, since] as const)]));
}

/** Where a message stands in Slack's history. A call stands in the conversation, and begins a thread. */
export function placesOf({
  chat,
  platformId: ts,
  change,
  choice,
}: InboundMessage): [chat: string, ts: string][] {
  if (change !== undefined || choice !== undefined || !isTs(ts)) return [];
  const { channel, thread } = placeOf(chat.id);
  return thread === ts
    ? [
        [chat.id, ts],
        [toChatId({ channel }), ts],
      ]
    : [[chat.id, ts]];
}

function latest(marks: ReadonlyMap<string, string>): Watermarks {
  return [...marks].sort(([, a], [, b]) => (a === b ? 0 : a < b ? 1 : -1)).slice(0, MAX);
}
