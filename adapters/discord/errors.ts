import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest';
import { type Meaning, NEVER_SENT } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';

const TOKEN_REFUSED: Meaning = {
  kind: 'auth',
  hint: 'Open https://discord.com/developers/applications → your application → Bot → Reset Token, and put the new token into the config.',
};

const TOO_MANY_SERVERS: Meaning = {
  kind: 'auth',
  hint: 'The bot is in more servers than one connection may serve (2,500): leave some.',
};

/** Codes in answers of the API. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const CODES: Readonly<Record<number, Meaning>> = {
  10003: { kind: 'rejected', hint: 'The channel or thread is gone.' },
  10008: { kind: 'rejected', hint: 'The message was deleted.' },
  10014: { kind: 'rejected', hint: 'Discord does not have this emoji.' },
  20016: { kind: 'rate_limited', hint: 'The channel is in slow mode.' },
  20028: { kind: 'rate_limited' },
  30010: { kind: 'rejected', hint: 'The message has 20 different reactions, and takes no other.' },
  40001: TOKEN_REFUSED,
  40005: { kind: 'rejected', hint: 'The file is larger than this server allows.' },
  50001: { kind: 'rejected', hint: 'Give the bot the permission View Channel in this channel.' },
  50006: { kind: 'rejected' },
  50007: {
    kind: 'rejected',
    hint: 'This person does not take direct messages from the bot: they must share a server with it, and allow them.',
  },
  50013: {
    kind: 'rejected',
    hint: 'Give the bot Send Messages, Send Messages in Threads, Attach Files, Add Reactions and Read Message History in this channel.',
  },
  50035: { kind: 'rejected' },
  50083: { kind: 'rejected', hint: 'The thread is archived and locked.' },
  50278: { kind: 'rejected', hint: 'This person no longer shares a server with the bot.' },
  90001: { kind: 'rejected', hint: 'The person has blocked the bot.' },
  130000: { kind: 'unavailable', certain: true },
  160002: { kind: 'rejected', hint: 'Give the bot the permission Read Message History in this channel.' },
};

/** For codes that the table does not know. All else is taken for temporary. */
const STATUSES: Readonly<Record<number, Meaning>> = {
  400: { kind: 'rejected' },
  401: TOKEN_REFUSED,
  403: { kind: 'rejected' },
  404: { kind: 'rejected' },
  405: { kind: 'rejected' },
  413: { kind: 'rejected', hint: 'The file is too large.' },
  429: { kind: 'rate_limited' },
};

export const SWITCH_ON_CONTENT =
  'Open https://discord.com/developers/applications → your application → Bot → Privileged Gateway Intents, and switch on Message Content Intent.';

export const CLEAR_ENDPOINT =
  'Open https://discord.com/developers/applications → your application → General Information, and clear Interactions Endpoint URL.';

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes; all others are cuts. */
const CLOSE_CODES: Readonly<Record<number, Meaning>> = {
  4004: TOKEN_REFUSED,
  4010: TOO_MANY_SERVERS,
  4011: TOO_MANY_SERVERS,
  4012: { kind: 'auth', hint: 'Update openclaw-gateway: Discord no longer speaks this version.' },
  4013: { kind: 'auth', hint: 'Update openclaw-gateway: Discord no longer knows these intents.' },
  4014: { kind: 'auth', hint: SWITCH_ON_CONTENT },
};

/** Whatever the REST client throws. Its own errors carry the whole request, message text included: they go no further. */
export function toChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof RateLimitError) {
    return new ChannelError('rate_limited', 'Discord: too many messages', {
      retryAfterMs: Math.ceil(error.retryAfter) || 1_000,
    });
  }
  if (error instanceof DiscordAPIError) {
    const known = CODES[Number(error.code)] ?? STATUSES[error.status];
    const { kind, ...options } = known ?? { kind: 'unavailable' as const, certain: true };
    return new ChannelError(kind, `Discord: ${error.message} (${error.status}, code ${error.code})`, options);
  }
  if (error instanceof HTTPError) return new ChannelError('unavailable', `Discord answers ${error.status}`);
  if (error instanceof SyntaxError)
    return new ChannelError('unavailable', 'Discord sent an unreadable answer');
  const { name, code } = Object(error) as { name?: string; code?: unknown };
  if (name === 'AbortError') return new ChannelError('network', 'Discord gave no answer in time');
  if (typeof code !== 'string') return ChannelError.from(error);
  return new ChannelError('network', `no connection to Discord: ${code}`, { certain: NEVER_SENT.has(code) });
}

export function lossError(closeCode: number, cause: Error | undefined): ChannelError {
  const { kind, ...options } = CLOSE_CODES[closeCode] ?? { kind: 'network' as const };
  const why = cause === undefined ? `code ${closeCode}` : `code ${closeCode}, ${cause.message}`;
  return new ChannelError(kind, `Discord's gateway closed the connection (${why})`, options);
}
