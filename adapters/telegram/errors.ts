import { GrammyError, HttpError } from 'grammy';
import { type Meaning, NEVER_SENT } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';

const NEW_TOKEN = 'get a token from @BotFather in Telegram and set it as `token` of this channel';

/** What Telegram's error codes mean. What is not here is trouble of its own, after which nothing is certain. */
const BY_CODE: Readonly<Record<number, Meaning>> = {
  400: { kind: 'rejected' },
  401: { kind: 'auth', hint: NEW_TOKEN },
  403: { kind: 'rejected', hint: 'the bot was blocked or removed there; a person must let it in again' },
  // The token is part of the path, so a malformed one is "not found".
  404: { kind: 'auth', hint: NEW_TOKEN },
  409: {
    kind: 'unavailable',
    certain: true,
    hint: 'another program uses this token: stop it, or get a bot of its own from @BotFather',
  },
  413: { kind: 'rejected', hint: 'bots can send files of up to 50 MB' },
  429: { kind: 'rate_limited' },
};

/**
 * Of an album: that a part of it was not sent, while others perhaps were, and that an upload was too fast. Telegram tells
 * both with 400; all else that is wrong with one file of an album keeps it from being sent at all.
 */
const PART_FAILED = /failed to send message #\d+ .*(message was not sent|too many requests)/i;

/** Codes of a file of ours that cannot be read: the upload broke off before its end. */
const UNREADABLE: ReadonlySet<unknown> = new Set(['EACCES', 'EISDIR', 'ENOENT']);

const CHECK_NETWORK = 'check the network, and `api_root` if you have set it';

/**
 * grammY's error as ours. The original is not kept as the cause: it holds the message's text, or the URL with the token.
 */
export function toChannelError(method: string, error: unknown): ChannelError {
  if (error instanceof GrammyError) return answered(error);
  if (error instanceof HttpError) return noAnswer(method, error.error);
  return ChannelError.from(error);
}

function answered({ method, error_code, description, parameters }: GrammyError): ChannelError {
  const meaning = PART_FAILED.test(description) ? undefined : BY_CODE[error_code];
  const { kind, ...options } = meaning ?? { kind: 'unavailable' };
  const seconds = parameters.retry_after;
  return new ChannelError(kind, `Telegram answered ${method} with ${error_code}: ${description}`, {
    ...options,
    ...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
  });
}

/**
 * A request that ended without an answer, as an error of ours. `error` is of node-fetch or of Node: `type` says what failed,
 * `code` why the system says so. grammY's own time-out has neither.
 */
export function noAnswer(method: string, error: unknown): ChannelError {
  const { type, code } = error as { type?: unknown; code?: unknown };
  if (UNREADABLE.has(code)) return new ChannelError('rejected', `the file to send cannot be read (${code})`);
  if (type === 'invalid-json') {
    return new ChannelError('unavailable', `the answer to ${method} is not one of Telegram`, {
      hint: CHECK_NETWORK,
    });
  }
  const reason = code ?? type ?? 'timed out';
  return new ChannelError('network', `no answer from Telegram to ${method} (${reason})`, {
    certain: NEVER_SENT.has(code),
    hint: CHECK_NETWORK,
  });
}
