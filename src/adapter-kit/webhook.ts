import { createHash, timingSafeEqual } from 'node:crypto';
import type { ChannelHttp, ChannelId } from '../contract/index.ts';

/** The server has a limit of its own; what platforms send stays far below ours. */
const MAX_BODY_BYTES = 1_000_000;

/** What is signed is from now, or it is old or forged; replays within this time are for the adapter to recognise. */
const WINDOW_SECONDS = 300;

export const JSON_TYPE = 'application/json';

/** One call whose form is right. */
export interface WebhookCall {
  readonly headers: Headers;
  /** The content type, without parameters. */
  readonly type: string;
  /** As it came: signatures are over bytes. */
  readonly body: Buffer;
}

export interface Webhook {
  /** Where it is: see {@link webhookPath}. */
  readonly path: string;
  /** The content types that the platform sends. Absent: JSON. */
  readonly types?: readonly string[];
  /** Whether a call with these headers may be the platform's: if not, its body is not even read. */
  mayCall(headers: Headers): boolean;
  /** What is left to prove is for the adapter, which answers with 200 once what came is on disk. */
  answer(call: WebhookCall): Promise<Response>;
}

export function webhookPath(channel: ChannelId): string {
  return `/channels/${channel}/webhook`;
}

/** Lets a platform call us, and refuses what cannot be its call, before anything is made of the body. */
export function webhookAt({ path, types = [JSON_TYPE], mayCall, answer }: Webhook): ChannelHttp {
  return {
    audience: 'public',
    async fetch(request) {
      const { headers } = request;
      if (new URL(request.url).pathname !== path) return bare(404);
      if (request.method !== 'POST') return bare(405);
      if (!mayCall(headers)) return bare(401);
      const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
      if (!types.includes(type)) return bare(415);
      if ((headers.get('content-encoding') ?? 'identity') !== 'identity') return bare(415);
      const body = await readBody(request);
      return body === undefined ? bare(413) : answer({ headers, type, body });
    },
  };
}

/** An answer that is a status only. */
export function bare(status: number): Response {
  return new Response(null, { status });
}

/** Whether a secret or a signature is the expected one; in constant time, whatever the lengths. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Whether a moment, in epoch seconds, is near enough to now. */
export function isTimely(seconds: string): boolean {
  return /^\d{1,12}$/.test(seconds) && Math.abs(Date.now() / 1000 - Number(seconds)) <= WINDOW_SECONDS;
}

/** `undefined` when it is too large. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
