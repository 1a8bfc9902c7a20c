import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  type Chat,
  type OutboundFile,
  type OutboundId,
  type OutboundMessage,
  type PlatformMessageId,
  platformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import type { Session } from './api.ts';
import { waitFor } from './calls.ts';
import { readPlace } from './conversation.ts';
import { givenUp } from './errors.ts';
import { isTs, placeOf } from './places.ts';

/** The name under which a message carries its id; people never see it. */
const EVENT_TYPE = 'openclaw_message';

/** Where to look for a message that may have arrived: no further back than this. */
const LOOK_BACK_PAGES = 5;

/** Slack shows a file some time after it has said yes (milliseconds between the looks). */
const FILE_LOOKS_MS = [0, 1_000, 3_000];

/** Whether a message shows an answer while it grows, or is the answer. */
export type State = 'preview' | 'final';

/** What a message carries, so that it is found again. Slack changes it together with the text. */
export function metadataOf(id: OutboundId, state: State) {
  return { event_type: EVENT_TYPE, event_payload: { id, state } };
}

/** What is looked for, in what came after the question. */
export interface Wanted {
  readonly chat: Chat;
  readonly id: OutboundId;
  readonly replyTo?: PlatformMessageId | undefined;
}

export interface Trace {
  readonly ts: string;
  readonly state: State;
}

const ours = z.object({
  ts: z.string(),
  user: z.string().optional(),
  text: z.string().optional(),
  metadata: z
    .object({
      event_payload: z.object({ id: z.string(), state: z.literal('preview').optional().catch(undefined) }),
    })
    .optional(),
  files: z.array(z.object({ name: z.string().nullish(), size: z.number().nullish() })).optional(),
});
type Ours = z.output<typeof ours>;

/** The messages that carry an id, oldest first. */
export async function tracesOf(
  session: Session,
  wanted: Wanted,
  signal: AbortSignal,
  maxPages = LOOK_BACK_PAGES,
): Promise<Trace[]> {
  const messages = await ourMessages(session, wanted, signal, maxPages);
  return messages.flatMap(({ ts, metadata }) =>
    metadata?.event_payload.id === wanted.id ? [{ ts, state: metadata.event_payload.state ?? 'final' }] : [],
  );
}

/** Looks for an answer by its id; for files, which carry none, by names, sizes and words. */
export async function findSent(
  session: Session,
  message: OutboundMessage,
  signal: AbortSignal,
): Promise<SendReceipt | undefined> {
  const { files } = message;
  if (files === undefined) {
    const traces = await tracesOf(session, message, signal);
    const found = traces.find(({ state }) => state === 'final');
    return found && { platformId: platformMessageId(found.ts) };
  }
  for (const afterMs of FILE_LOOKS_MS) {
    await pause(afterMs, undefined, { signal }).catch(() => {
      throw givenUp();
    });
    const messages = await ourMessages(session, message, signal);
    const found = messages.find((candidate) => holds(candidate, files, message.body.text));
    if (found !== undefined) return { platformId: platformMessageId(found.ts) };
  }
  return undefined;
}

function holds(candidate: Ours, files: readonly OutboundFile[], text: string): boolean {
  const shared = candidate.files ?? [];
  return (
    candidate.text?.endsWith(text) === true &&
    files.every(({ name, bytes }) => shared.some((file) => file.name === name && file.size === bytes))
  );
}

async function ourMessages(
  { web, self }: Session,
  { chat, replyTo }: Wanted,
  signal: AbortSignal,
  maxPages = LOOK_BACK_PAGES,
): Promise<Ours[]> {
  const oldest = replyTo !== undefined && isTs(replyTo) ? replyTo : undefined;
  const { messages } = await waitFor(readPlace(web, placeOf(chat.id), oldest, maxPages), signal);
  return messages.flatMap((raw) => {
    const { data } = ours.safeParse(raw);
    return data?.user === self.user ? [data] : [];
  });
}
