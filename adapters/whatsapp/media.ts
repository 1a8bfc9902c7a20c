import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../src/adapter-kit/index.ts';
import { ChannelError, errorText } from '../../src/contract/index.ts';
import type { MediaRef } from './protocol.ts';

/*
 * A received file lies sealed on WhatsApp's media servers, and its message holds the key (lib/Utils/messages-media.js of
 * Baileys). It is opened here and not by Baileys, whose download neither checks the seal nor survives a cut connection.
 */
const mediaRef: z.ZodType<MediaRef> = z.object({
  type: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  mediaKey: z.base64(),
  // Who sends a message writes this path: it must not reach into the host's name.
  directPath: z.string().startsWith('/'),
  key: z.object({ id: z.string(), remoteJid: z.string(), participant: z.string().optional() }),
});

const KEY_NAMES: Readonly<Record<MediaRef['type'], string>> = {
  image: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
  sticker: 'WhatsApp Image Keys',
};
const SEAL_BYTES = 10;
/** The servers forget a file after some weeks; the phone may still have it. */
const GONE = [403, 404, 410];

type Locate = (media: MediaRef, anew: boolean, signal: AbortSignal) => Promise<string>;

export async function download(
  ref: string | undefined,
  locate: Locate,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { data: media } = mediaRef.safeParse(parseJson(ref ?? ''));
  if (media === undefined) throw new ChannelError('rejected', 'there is no file to fetch');
  const first = await request(await locate(media, false, signal), signal);
  const response = GONE.includes(first.status)
    ? await request(await locate(media, true, signal), signal)
    : first;
  if (!response.ok || response.body === null) throw statusError(response.status);
  return opened(response.body, media);
}

async function* opened(sealed: AsyncIterable<Uint8Array>, { type, mediaKey }: MediaRef) {
  const keys = Buffer.from(hkdfSync('sha256', Buffer.from(mediaKey, 'base64'), '', KEY_NAMES[type], 112));
  const iv = keys.subarray(0, 16);
  const decipher = createDecipheriv('aes-256-cbc', keys.subarray(16, 48), iv);
  const hmac = createHmac('sha256', keys.subarray(48, 80)).update(iv);
  let seal = Buffer.alloc(0);
  try {
    for await (const piece of sealed) {
      const held = Buffer.concat([seal, piece]);
      const inner = held.subarray(0, Math.max(0, held.length - SEAL_BYTES));
      seal = held.subarray(inner.length);
      hmac.update(inner);
      yield decipher.update(inner);
    }
  } catch (error) {
    throw networkError(error);
  }
  if (seal.length < SEAL_BYTES || !timingSafeEqual(hmac.digest().subarray(0, SEAL_BYTES), seal))
    throw new ChannelError('rejected', 'the file is not the one that was sent');
  try {
    yield decipher.final();
  } catch (cause) {
    throw new ChannelError('rejected', 'the file is not whole', { cause });
  }
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: { origin: 'https://web.whatsapp.com' } });
  } catch (error) {
    throw networkError(error);
  }
}

function networkError(cause: unknown): ChannelError {
  return new ChannelError('network', `the file could not be fetched: ${errorText(cause)}`, { cause });
}

function statusError(status: number): ChannelError {
  const message = `WhatsApp's media server answered ${status}`;
  if (status === 429) return new ChannelError('rate_limited', message, { retryAfterMs: 60_000 });
  return new ChannelError(status < 500 ? 'rejected' : 'unavailable', message);
}
