import { z } from 'zod';
import { gatewayUrl, snowflake } from './wire.ts';

const cursor = z.object({
  /** The session to resume: Discord sends again what came after `sequence`. */
  session: z
    .object({
      id: z.string(),
      resumeUrl: gatewayUrl,
      sequence: z.number(),
      /** Our own user id. */
      me: snowflake,
      /** Whether Discord shows us messages that do not mention us. */
      readsAll: z.boolean(),
    })
    .optional(),
  /** Up to this message we have everything, wherever we are not behind; absent before the first session. */
  after: snowflake.optional(),
  /** The direct chats, the latest last: of these Discord tells us nothing by itself. */
  direct: z.array(snowflake).default([]),
  /** OutboundId → Discord's id, of the answers that began to grow last: a restart finds them by it. */
  previews: z.record(z.string(), snowflake).default({}),
  /** The servers, and {@link DIRECT}, of which we have yet to read what we missed. */
  behind: z.array(z.string()).default([]),
});

/** Stands for all direct chats among the servers. */
export const DIRECT = 'direct';

/** All that has to survive a restart. */
export type Cursor = z.infer<typeof cursor>;

/** What cannot be read is as good as none: the adapter then begins anew. */
export function readCursor(stored: string | undefined): Cursor {
  try {
    return cursor.parse(JSON.parse(stored ?? '{}'));
  } catch {
    return cursor.parse({});
  }
}

/** So many direct chats are remembered. */
const MAX_DIRECT = 100;

export function withDirectChat(direct: readonly string[], chat: string): string[] {
  return [...direct.filter((known) => known !== chat), chat].slice(-MAX_DIRECT);
}

/** So many previews are remembered. */
const MAX_PREVIEWS = 50;

export function withPreview(previews: Cursor['previews'], id: string, discordId: string): Cursor['previews'] {
  return Object.fromEntries([...Object.entries(previews), [id, discordId]].slice(-MAX_PREVIEWS));
}

/** Ids grow with time: https://discord.com/developers/docs/reference#snowflakes */
const EPOCH_MS = 1_420_070_400_000;

export function idAt(epochMs: number): string {
  return String(BigInt(Math.max(0, epochMs - EPOCH_MS)) << 22n);
}

/** Epoch milliseconds. */
export function timeOf(id: string): number {
  return Number(BigInt(id) >> 22n) + EPOCH_MS;
}

export function later(a: string, b: string): string {
  return BigInt(a) > BigInt(b) ? a : b;
}
