import { createDecipheriv, createHash } from 'node:crypto';
import { z } from 'zod';
import { createLatest, isSame, isTimely, type WebhookCall, webhookAt } from '../../src/adapter-kit/index.ts';
import type { ChannelHttp, ChannelLog } from '../../src/contract/index.ts';
import { errorText } from '../../src/contract/index.ts';
import { envelope } from './items.ts';

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
 * and the tenant. Answers 200 once `take` has resolved, with what it resolved with; Feishu offers an event again after any
 * other answer.
 */
export function createWebhook(
  path: string,
  secrets: WebhookSecrets,
  take: (event: unknown) => Promise<object | undefined>,
  log: ChannelLog,
): ChannelHttp {
  const seen = createLatest<true>(MAX_SEEN);
  /** Nobody tells us beforehand; an app of one's own has one. */
  let tenant: string | undefined;
  return webhookAt({ path, mayCall, answer });

  async function answer({ headers, body }: WebhookCall): Promise<Response> {
    const signature = headers.get('x-lark-signature');
    if (signature !== null && !isSigned(secrets.encrypt_key, headers, body)) return say(401);
    const content = decrypted(body, secrets.encrypt_key);
    if (content === undefined) return say(401);

    const question = challenge.safeParse(content).data;
    if (question !== undefined) {
      if (!isSame(question.token, secrets.verification_token)) return say(401);
      return say(200, { challenge: question.challenge });
    }
    const { data } = event.safeParse(content);
    if (signature === null || data === undefined) return say(401);
    if (!isSame(data.header.token, secrets.verification_token)) return say(401);
    if (data.header.app_id !== secrets.app_id) return say(403);
    tenant ??= data.header.tenant_key;
    if (data.header.tenant_key !== tenant) return say(403);
    if (seen.has(signature)) return say(200);
    try {
      const reply = await take(withoutToken(content));
      seen.set(signature, true);
      return say(200, reply);
    } catch (error) {
      log.warn('an event could not be stored; Feishu will offer it again', { reason: errorText(error) });
      return say(500);
    }
  }
}

/** What is kept of an event that cannot be read holds no secret. */
function withoutToken(content: unknown): unknown {
  const { header, ...rest } = content as z.infer<typeof event>;
  return { ...rest, header: { ...header, token: undefined } };
}

function say(status: number, body: object = {}): Response {
  return Response.json(body, { status });
}

/** The question by which Feishu proves our address is not signed. */
function mayCall(headers: Headers): boolean {
  return !headers.has('x-lark-signature') || isTimely(headers.get('x-lark-request-timestamp') ?? '');
}

/** SHA-256 over timestamp, nonce, key and the body as it came. */
function isSigned(encryptKey: string, headers: Headers, body: Buffer): boolean {
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
