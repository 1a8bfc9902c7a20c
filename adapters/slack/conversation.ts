import type { WebClient } from '@slack/web-api';
import type { Place } from './places.ts';

/** How many messages Slack hands over at once; it recommends no more. */
const PAGE = 200;

export interface Reading {
  /** As Slack has them, metadata and files included; oldest first. */
  readonly messages: readonly unknown[];
  /** False when there was more than `maxPages`. */
  readonly complete: boolean;
}

/**
 * The messages of a place that are newer than `oldest`. Of a thread also the one that it is under.
 * Slack tells a conversation from its newest message on, and a thread from its oldest: so what is too much is missing
 * at the old end, or at the new one.
 */
export async function readPlace(
  web: WebClient,
  { channel, thread }: Place,
  oldest: string | undefined,
  maxPages: number,
): Promise<Reading> {
  const messages: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const options = {
      channel,
      limit: PAGE,
      include_all_metadata: true,
      ...(oldest !== undefined && { oldest }),
      ...(cursor !== undefined && { cursor }),
    };
    const answer =
      thread === undefined
        ? await web.conversations.history(options)
        : await web.conversations.replies({ ...options, ts: thread });
    messages.push(...(answer.messages ?? []));
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) break;
  }
  if (thread === undefined) messages.reverse();
  return { messages, complete: cursor === undefined };
}
