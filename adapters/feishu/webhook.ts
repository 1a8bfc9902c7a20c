import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ChannelHttp, ChannelLog } from '../../src/contract/index.ts';
import { errorText } from '../../src/contract/index.ts';
import { envelope } from './items.ts';

/** The server has its own, larger limit; Feishu's events stay far below ours. */
const MAX_BODY_BYTES = 1_000_000;
const WINDOW_SECONDS = 300;
/** Signatures remembered so that a replay within the window costs nothing. */
const MAX_SEEN = 10_000;

export interface WebhookSecrets {
  readonly app_id: string;
  readonly encrypt_key: string;
  readonly verification_token: string;
}

const encryptedBody = z.strictObject({ encrypt: z.string() });
const challenge = z.object({ type: z.literal('url_verification'), token: z.string(), challenge: z.string() });
const event = envelope.extend({
  header: envelope.shape.header.extend({ token: z.string(), tenant_key: z.string().min(1) }),
});

/**
 * Takes events over HTTP. Each must be signed over its raw bytes, not long ago, encrypted, and carry the token, the App ID
 * and the tenant; only the question by which Feishu proves our address is not signed. Answers 200 once `take` has resolved,
 * with what it resolved with; Feishu offers an event again after any other answer.
 */
export function createWebhook(
  secrets: WebhookSecrets,
  take: (event: unknown) => Promise<object | undefined>,
  log: ChannelLog,
): ChannelHttp {
  const seen = new Set<string>();
  /** Nobody tells us beforehand; an app of one's own has one. */
  let tenant: string | undefined;
  return { audience: 'public', fetch };

  async function fetch(request: Request): Promise<Response> {
    if (!new URL(request.url).pathname.endsWith('/webhook')) return answer(404);
    if (request.method !== 'POST') return answer(405);
    if (!isJson(request.headers.get('content-type'))) return answer(415);
    if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') return answer(415);
    const signature = request.headers.get('x-lark-signature');
    if (signature !== null && !isTimely(request.headers)) return answer(401);
    const body = await readBody(request);
    if (body === undefined) return answer(413);
    if (signature !== null && !isSignedBy(secrets.encrypt_key, request.headers, body)) return answer(401);
    const content = decrypted(body, secrets.encrypt_key);
    if (content === undefined) return answer(401);

    const question = challenge.safeParse(content).data;
    if (question !== undefined) {
      if (!isSame(question.token, secrets.verification_token)) return answer(401);
      return Response.json({ challenge: question.challenge });
    }
    const { data } = event.safeParse(content);
    if (signature === null || data === undefined) return answer(401);
    if (!isSame(data.header.token, secrets.verification_token)) return answer(401);
    if (data.header.app_id !== secrets.app_id) return answer(403);
    tenant ??= data.header.tenant_key;
    if (data.header.tenant_key !== tenant) return answer(403);
    if (seen.has(signature)) return answer(200);
    try {
      const reply = await take(content);
      remember(signature);
      return answer(200, reply);
    } catch (error) {
      log.warn('an event could not be stored; Feishu will offer it again', { reason: errorText(error) });
      return answer(500);
    }
  }

  function remember(signature: string): void {
    seen.add(signature);
    const [oldest] = seen;
    if (seen.size > MAX_SEEN && oldest !== undefined) seen.delete(oldest);
  }
}

function answer(status: number, body: object = {}): Response {
  return Response.json(body, { status });
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

function isTimely(headers: Headers): boolean {
  const timestamp = headers.get('x-lark-request-timestamp') ?? '';
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Date.now() / 1000 - Number(timestamp)) <= WINDOW_SECONDS;
}

/** SHA-256 over timestamp, nonce, key and the body as it came. */
function isSignedBy(encryptKey: string, headers: Headers, body: Buffer): boolean {
  const timestamp = headers.get('x-lark-request-timestamp') ?? '';
  const nonce = headers.get('x-lark-request-nonce') ?? '';
  const expected = createHash('sha256')
    .update(timestamp + nonce + encryptKey)
    .update(body)
    .digest('hex');
  return isSame(headers.get('x-lark-signature') ?? '', expected);
}

/** AES-256-CBC under the SHA-256 of the key, the initialisation vector first; `undefined` for all that is not that. */
function decrypted(body: Buffer, encryptKey: string): unknown {
  try {
    const data = Buffer.from(encryptedBody.parse(JSON.parse(body.toString('utf8'))).encrypt, 'base64');
    const key = createHash('sha256').update(encryptKey).digest();
    const decipher = createDecipheriv('aes-256-cbc', key, data.subarray(0, 16));
    return JSON.parse(Buffer.concat([decipher.update(data.subarray(16)), decipher.final()]).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** The raw bytes; `undefined` when they are too many. */
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
