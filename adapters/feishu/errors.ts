import { NEVER_SENT } from '../../src/adapter-kit/index.ts';
import { ChannelError, type ChannelErrorKind, type ChannelErrorOptions } from '../../src/contract/index.ts';

/** Feishu understood, and said no. */
export class Refusal extends ChannelError {
  readonly code: number;

  constructor(code: number, kind: ChannelErrorKind, message: string, options: ChannelErrorOptions) {
    super(kind, message, options);
    this.code = code;
  }
}

const CREDENTIALS =
  'Compare app_id and app_secret with "Credentials & Basic Info" of the app at open.feishu.cn/app (or open.larksuite.com/app).';
const BOT = 'Add the bot under "Features" of the app in the developer console, and publish a new version.';
const SCOPES =
  'Grant the permissions that docs/channels/feishu.md lists under "Permissions & Scopes" of the app, and publish a new version.';
const CONTACTS =
  'Let the app see this person: "Data permissions" under "Permissions & Scopes" of the app, then publish a new version.';
const IN_CHAT = 'Add the bot to the group again.';
const AVAILABILITY = 'Add the person to the availability of the app, and publish a new version.';

/** Codes of https://open.feishu.cn/document (server-docs/im-v1/message/create, server-docs/getting-started/server-error-codes). */
const MEANINGS: Readonly<Record<number, readonly [ChannelErrorKind, ChannelErrorOptions?]>> = {
  // credentials
  ...each([10003, 10014, 99991661, 99991663, 99991664, 99991665], 'auth', { hint: CREDENTIALS }),
  99991662: ['auth', { hint: 'Enable the app in the admin console of your organisation.' }],
  99991673: ['auth', { hint: 'Install the app in your organisation, and enable it.' }],
  99991401: ['auth', { hint: 'Add the address of this machine to the IP whitelist of the app.' }],
  // the long connection (ErrorCode in the SDK)
  ...each([403, 514], 'auth', { hint: CREDENTIALS }),
  1000040350: ['unavailable', { hint: 'The app has 50 connections open: stop other programs that use it.' }],
  // the app is not set up for it
  ...each([11205, 230006, 234007], 'auth', { hint: BOT }),
  ...each([99991672, 230027], 'rejected', { hint: SCOPES }),
  // of people (server-docs/contact-v3/user/get)
  ...each([40004, 41050], 'rejected', { hint: CONTACTS }),
  ...each([40001, 41012], 'rejected'),
  // too fast
  ...each([230020, 99991400], 'rate_limited'),
  // this message, or this chat
  ...each([230001, 230011, 230017, 230018, 230019, 230025, 230029, 230031, 230034, 230038], 'rejected'),
  ...each([230054, 230055, 230099, 230110, 231003, 232009, 232010], 'rejected'),
  ...each([230002, 231002, 231008], 'rejected', { hint: IN_CHAT }),
  ...each([230013, 231022], 'rejected', { hint: AVAILABILITY }),
  230022: ['rejected', { hint: 'Feishu found sensitive words in it.' }],
  230028: ['rejected', { hint: 'The data protection rules of your organisation forbid it.' }],
  230035: ['rejected', { hint: 'Let the bot speak in the group.' }],
  230053: ['rejected', { hint: 'The person has stopped the bot from sending messages.' }],
  // this file
  ...each([234001, 234003, 234006, 234010, 234037, 234043], 'rejected'),
  // this reaction (server-docs/im-v1/message-reaction/create)
  ...each([231001, 231004, 231005, 231017, 231018, 231019, 231020, 231021], 'rejected'),
  // this card (cardkit-v1/card/update, cardkit-v1/card-element/content)
  ...each([10002, 200220, 200740, 200750, 200850, 200860, 300301, 300302, 300303, 300305], 'rejected'),
  ...each([300307, 300309, 300310, 300311, 300313], 'rejected'),
  // Somebody is just pressing a button of it; or the clock went back, and a later change has come before this one.
  ...each([200810, 300317], 'unavailable', { certain: true }),
  // trouble of its own
  ...each([2200, 230049, 231015, 300120], 'unavailable', { certain: false }),
};

function each(codes: readonly number[], kind: ChannelErrorKind, meaning?: ChannelErrorOptions) {
  const entry: readonly [ChannelErrorKind, ChannelErrorOptions?] =
    meaning === undefined ? [kind] : [kind, meaning];
  return Object.fromEntries(codes.map((code) => [code, entry]));
}

/** The message that was to be answered or changed is gone: recalled, deleted, or its thread or its card is. */
export const isGone = (error: unknown) => hasCode(error, 230011, 230019, 230110, 231003, 200740, 200750);
/** It did not like how the text is made. */
export const isAboutMarkup = (error: unknown) => hasCode(error, 230001, 230099, 200220, 300313);
/** The card takes no more typing. */
export const isStreamingOver = (error: unknown) => hasCode(error, 200850, 300309);
/** The same reaction is being set already. */
export const isRepeatedReaction = (error: unknown) => hasCode(error, 231015);
/** Our access token is no longer good; a new one may be. */
export const isStaleToken = (error: unknown) => hasCode(error, 99991661, 99991663, 99991664, 99991665);

function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof Refusal && codes.includes(error.code);
}

/** Feishu said no, and would again. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Refusal && error.certain && error.kind !== 'rate_limited';
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

/**
 * No answer. The HTTP client's own error stays behind: it carries the whole request, with the app secret or the token.
 */
export function noAnswer(thrown: unknown): ChannelError {
  if (thrown instanceof ChannelError) return thrown;
  const { code } = thrown as { code?: unknown };
  const reason = typeof code === 'string' ? code : 'no reason given';
  return new ChannelError('network', `no answer from Feishu (${reason})`, {
    certain: NEVER_SENT.has(reason),
  });
}
