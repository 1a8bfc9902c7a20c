import { createCipheriv, createHash, randomBytes } from 'node:crypto';

export interface WebhookSecrets {
  readonly encryptKey: string;
  readonly verificationToken: string;
}

/** What Feishu would POST: the exact bytes, and the headers that sign them. */
export interface WebhookCall {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** An event, encrypted and signed as Feishu does it. `timestamp` is in seconds. */
export function webhookEvent(
  { encryptKey, verificationToken }: WebhookSecrets,
  event: { readonly header: object },
  timestamp: number | string = Math.floor(Date.now() / 1000),
): WebhookCall {
  const withToken = { ...event, header: { ...event.header, token: verificationToken } };
  const body = JSON.stringify({ encrypt: encrypted(withToken, encryptKey) });
  return { body, headers: signed(body, encryptKey, timestamp) };
}

/** What Feishu asks when somebody enters the address in the console: encrypted, and not signed. */
export function webhookChallenge(
  { encryptKey, verificationToken }: WebhookSecrets,
  challenge: string,
): WebhookCall {
  const question = { type: 'url_verification', token: verificationToken, challenge };
  return {
    body: JSON.stringify({ encrypt: encrypted(question, encryptKey) }),
    headers: { 'content-type': 'application/json; charset=utf-8' },
  };
}

/** The headers that go with a body. */
export function signed(
  body: string,
  encryptKey: string,
  timestamp: number | string = Math.floor(Date.now() / 1000),
  nonce = randomBytes(8).toString('hex'),
): Record<string, string> {
  const signature = createHash('sha256').update(`${timestamp}${nonce}${encryptKey}${body}`).digest('hex');
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-lark-request-timestamp': String(timestamp),
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signature,
  };
}

/** AES-256-CBC under the SHA-256 of the key; the initialisation vector goes first. */
export function encrypted(content: unknown, encryptKey: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}
