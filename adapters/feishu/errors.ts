import { ChannelError, type ChannelErrorKind } from '../../src/contract/index.ts';

/** Feishu understood, and said no. */
export class Refusal extends ChannelError {
  readonly code: number;

  constructor(code: number, kind: ChannelErrorKind, message: string, options: Meaning) {
    super(kind, message, options);
    this.code = code;
  }
}

interface Meaning {
  readonly certain?: boolean;
  readonly retryAfterMs?: number;
  readonly hint?: string;
}

const CREDENTIALS =
  'Compare app_id and app_secret with "Credentials & Basic Info" of the app at open.feishu.cn/app (or open.larksuite.com/app).';
const BOT = 'Add the bot under "Features" of the app in the developer console, and publish a new version.';
const SCOPES =
  'Grant the permissions that docs/channels/feishu.md lists under "Permissions & Scopes" of the app, and publish a new version.';
const IN_CHAT = 'Add the bot to the group again.';

/** Codes of https://open.feishu.cn/document (server-docs/im-v1/message/create, server-docs/getting-started/server-error-codes). */
const MEANINGS: Readonly<Record<number, readonly [ChannelErrorKind, Meaning?]>> = {
  // credentials
  10003: ['auth', { hint: CREDENTIALS }],
  10014: ['auth', { hint: CREDENTIALS }],
  99991661: ['auth', { hint: CREDENTIALS }],
  99991663: ['auth', { hint: CREDENTIALS }],
  99991664: ['auth', { hint: CREDENTIALS }],
  99991665: ['auth', { hint: CREDENTIALS }],
  99991662: ['auth', { hint: 'Enable the app in the admin console of your organisation.' }],
  99991673: ['auth', { hint: 'Install the app in your organisation, and enable it.' }],
  99991401: ['auth', { hint: 'Add the address of this machine to the IP whitelist of the app.' }],
  // the long connection (ErrorCode in the SDK)
  403: ['auth', { hint: CREDENTIALS }],
  514: ['auth', { hint: CREDENTIALS }],
  1000040350: ['unavailable', { hint: 'The app has 50 connections open: stop other programs that use it.' }],
  // the app is not set up for it
  11205: ['auth', { hint: BOT }],
  230006: ['auth', { hint: BOT }],
  99991672: ['rejected', { hint: SCOPES }],
  230027: ['rejected', { hint: SCOPES }],
  // too fast
  230020: ['rate_limited'],
  99991400: ['rate_limited'],
  // this message, or this chat
  230001: ['rejected'],
  230002: ['rejected', { hint: IN_CHAT }],
  230011: ['rejected'],
  230013: ['rejected', { hint: 'Add the person to the availability of the app, and publish a new version.' }],
  230017: ['rejected'],
  230018: ['rejected'],
  230019: ['rejected'],
  230022: ['rejected', { hint: 'Feishu found sensitive words in it.' }],
  230025: ['rejected'],
  230028: ['rejected', { hint: 'The data protection rules of your organisation forbid it.' }],
  230029: ['rejected'],
  230034: ['rejected'],
  230035: ['rejected', { hint: 'Let the bot speak in the group.' }],
  230038: ['rejected'],
  230053: ['rejected', { hint: 'The person has stopped the bot from sending messages.' }],
  230054: ['rejected'],
  230055: ['rejected'],
  230099: ['rejected'],
  230110: ['rejected'],
  231003: ['rejected'],
  232009: ['rejected'],
  232010: ['rejected'],
  234001: ['rejected'],
  234003: ['rejected'],
  234006: ['rejected'],
  234007: ['auth', { hint: BOT }],
  234010: ['rejected'],
  234037: ['rejected'],
  234043: ['rejected'],
  // trouble of its own
  2200: ['unavailable', { certain: false }],
  230049: ['unavailable', { certain: false }],
};

/** The message that was to be answered is gone: recalled, deleted, or its thread is. */
export const isGone = (error: unknown) => hasCode(error, 230011, 230019, 230110, 231003);
/** It did not like how the text is made. */
export const isAboutMarkup = (error: unknown) => hasCode(error, 230001, 230099);
/** Our access token is no longer good; a new one may be. */
export const isStaleToken = (error: unknown) => hasCode(error, 99991661, 99991663, 99991664, 99991665);

function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof Refusal && codes.includes(error.code);
}

/** What an HTTP answer other than success means. `resetSeconds`: its header `x-ogw-ratelimit-reset`. */
export function refusal(status: number, body: unknown, resetSeconds: unknown): ChannelError {
  const { code, msg } = Object(body) as { code?: unknown; msg?: unknown };
  if (typeof code !== 'number') return unreadable(status);
  const known = MEANINGS[code] ?? (status === 429 ? ['rate_limited' as const] : undefined);
  const [kind, meaning = {}] = known ?? ['unavailable', { certain: status < 500 }];
  const text = `Feishu says: ${String(msg).slice(0, 300)} (code ${code})`;
  if (kind !== 'rate_limited') return new Refusal(code, kind, text, meaning);
  return new Refusal(code, kind, text, { retryAfterMs: Math.max(Number(resetSeconds) || 0, 1) * 1000 });
}

function unreadable(status: number): ChannelError {
  if (status === 429)
    return new ChannelError('rate_limited', 'Feishu says: too fast', { retryAfterMs: 1000 });
  return new ChannelError('unavailable', `Feishu's answer cannot be read (HTTP ${status})`);
}

/** Nothing was sent if there was nobody to send it to. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * No answer. The HTTP client's own error stays behind: it carries the whole request, with the app secret or the token.
 */
export function noAnswer(thrown: unknown): ChannelError {
  if (thrown instanceof ChannelError) return thrown;
  const { code } = thrown as { code?: unknown };
  const reason = typeof code === 'string' ? code : 'no reason given';
  return new ChannelError('network', `no answer from Feishu (${reason})`, { certain: UNSENT.has(reason) });
}
