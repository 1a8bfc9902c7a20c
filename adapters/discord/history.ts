import type { REST } from '@discordjs/rest';
import { z } from 'zod';
import { HISTORY_PAGE } from './capabilities.ts';
import { later } from './cursor.ts';
import { toChannelError } from './errors.ts';
import { type Guild, snowflake } from './wire.ts';

/** https://discord.com/developers/docs/resources/channel#channel-object-channel-types: all but categories and forums. */
const HOLDS_MESSAGES = new Set([0, 2, 5, 10, 11, 12, 13]);

const page = z.array(z.looseObject({ id: snowflake }));

export interface Page {
  /** As Discord sends them, oldest first. */
  readonly messages: readonly { readonly id: string }[];
  /** After which message the next page begins; absent on the last page. */
  readonly next?: string;
}

/** What was said in a channel after a message. Rejects with a ChannelError. */
export async function readHistory(
  rest: REST,
  channel: string,
  after: string,
  signal: AbortSignal,
): Promise<Page> {
  try {
    const answer = await rest.get(`/channels/${channel}/messages`, {
      query: new URLSearchParams({ after, limit: String(HISTORY_PAGE) }),
      signal: AbortSignal.any([signal]),
    });
    // Those that come next, but the latest of them first.
    const messages = page.parse(answer).reverse();
    if (messages.length < HISTORY_PAGE) return { messages };
    return { messages, next: messages.reduce((last, { id }) => later(last, id), after) };
  } catch (error) {
    throw toChannelError(error);
  }
}

/** The channels and threads of a server in which something was said after a message. */
export function withNews({ channels, threads }: Guild, after: string): string[] {
  return [...channels, ...threads]
    .filter(
      ({ type, last_message_id: last }) => HOLDS_MESSAGES.has(type) && last && BigInt(last) > BigInt(after),
    )
    .map(({ id }) => id);
}
