import { openAsBlob } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import {
  ChannelError,
  type OutboundFile,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import { TRANSFER_TIMEOUT_MS } from './capabilities.ts';
import { readPlace } from './conversation.ts';
import { beforeAnybodySaw, givenUp, toChannelError } from './errors.ts';
import { type Place, placeOf } from './places.ts';

/** The name under which a message carries its id; people never see it. */
const EVENT_TYPE = 'openclaw_message';

/** Where to look for a message that may have arrived: no further back than this. */
const LOOK_BACK_PAGES = 5;

/** Slack shows a file some time after it has said yes (milliseconds between the looks). */
const FILE_LOOKS_MS = [0, 1_000, 3_000];

export async function send(
  web: WebClient,
  message: OutboundMessage,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const place = placeOf(message.chat.id);
  const { text } = message.body;
  const shown = message.possiblyRepeated ? `_(possibly repeated)_\n${text}` : text;
  return message.file === undefined
    ? post(web, place, shown, message.id, signal)
    : upload(web, place, shown, message.file, signal);
}

async function post(
  web: WebClient,
  { channel, thread }: Place,
  text: string,
  id: string,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const posting = web.chat.postMessage({
    channel,
    text,
    metadata: { event_type: EVENT_TYPE, event_payload: { id } },
    // A preview is fetched from the address by Slack's servers, with nobody clicking: a way out for what an agent knows.
    unfurl_links: false,
    unfurl_media: false,
    ...(thread !== undefined && { thread_ts: thread }),
  });
  const { ts } = await unlessAborted(posting, signal);
  return ts === undefined ? {} : { platformId: platformMessageId(ts) };
}

/** Only the last of the three steps shows anything to anybody. It cannot carry our id. */
async function upload(
  web: WebClient,
  { channel, thread }: Place,
  text: string,
  file: OutboundFile,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const id = await handOver(web, file, signal).catch((error: unknown) => {
    throw beforeAnybodySaw(error);
  });
  const sharing = web.files.completeUploadExternal({
    files: [{ id, title: file.name }],
    channel_id: channel,
    ...(text !== '' && { initial_comment: text }),
    ...(thread !== undefined && { thread_ts: thread }),
  } as Parameters<typeof web.files.completeUploadExternal>[0]);
  await unlessAborted(sharing, signal);
  return {};
}

async function handOver(web: WebClient, file: OutboundFile, signal: AbortSignal): Promise<string> {
  const slot = web.files.getUploadURLExternal({ filename: file.name, length: file.bytes });
  const { upload_url, file_id } = await unlessAborted(slot, signal);
  if (upload_url === undefined || file_id === undefined) {
    throw new ChannelError('unavailable', 'Slack gave no place for the file');
  }
  const answer = await fetch(upload_url, {
    method: 'POST',
    body: await openAsBlob(file.path, { type: file.mime }),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TRANSFER_TIMEOUT_MS)]),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new ChannelError('unavailable', `Slack did not take the file (${answer.status})`);
  return file_id;
}

const ours = z.object({
  ts: z.string(),
  user: z.string().optional(),
  text: z.string().optional(),
  metadata: z.object({ event_payload: z.object({ id: z.string() }) }).optional(),
  files: z.array(z.object({ name: z.string().nullish(), size: z.number().nullish() })).optional(),
});

/** Looks for a message by the id in its metadata; for a file by name, size and words, in what came after the question. */
export async function findSent(
  web: WebClient,
  bot: string,
  message: OutboundMessage,
  signal: AbortSignal,
): Promise<SendReceipt | undefined> {
  const { id, file, body, replyTo } = message;
  const isIt = (candidate: z.output<typeof ours>) =>
    candidate.user === bot &&
    (file === undefined
      ? candidate.metadata?.event_payload.id === id
      : candidate.text?.endsWith(body.text) === true &&
        candidate.files?.some(({ name, size }) => name === file.name && size === file.bytes) === true);
  for (const afterMs of file === undefined ? [0] : FILE_LOOKS_MS) {
    await pause(afterMs, undefined, { signal }).catch(() => {
      throw givenUp();
    });
    const reading = readPlace(web, placeOf(message.chat.id), replyTo, LOOK_BACK_PAGES);
    const { messages } = await unlessAborted(reading, signal);
    const found = messages.map((raw) => ours.safeParse(raw).data).find((data) => data && isIt(data));
    if (found !== undefined) return { platformId: platformMessageId(found.ts) };
  }
  return undefined;
}

/** Slack's client cannot break off one call, but nobody has to wait for it. Rejects with a ChannelError. */
export async function unlessAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  const abort = Promise.withResolvers<never>();
  const giveUp = () => abort.reject(givenUp());
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([call, abort.promise]);
  } catch (error) {
    throw toChannelError(error);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
