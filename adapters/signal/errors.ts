import { z } from 'zod';
import { type Meaning, serverOfOurs } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';

const UNREGISTERED: Meaning = {
  kind: 'auth',
  hint: 'Register the account with signal-cli or link it to a phone anew (signal-cli link), check `account`, then restart the channel.',
};
const UNTRUSTED: Meaning = {
  kind: 'rejected',
  hint: 'The safety number of a recipient has changed: verify it, then run signal-cli trust for that recipient.',
};
const TOO_FAST: Meaning = {
  kind: 'rate_limited',
  retryAfterMs: 60_000,
  hint: 'Signal limits this account for a while.',
};
const OTHER_VERSION: Meaning = {
  kind: 'rejected',
  hint: 'signal-cli does not know this request: update it to 0.14 or later.',
};

const TROUBLE: Meaning = { kind: 'unavailable' };

export const SIGNAL_CLI = serverOfOurs(
  'signal-cli',
  'Start it: signal-cli daemon --http. Its address must be the `http_url` of the config.',
);

/** JSON-RPC codes: SignalJsonRpcCommandHandler.java of signal-cli 0.14, and those of JSON-RPC itself. */
const BY_CODE: Readonly<Record<number, Meaning>> = {
  [-1]: { kind: 'rejected' }, // a user error: no such group, not a member, not a number
  [-3]: { kind: 'network' },
  [-4]: UNTRUSTED,
  [-5]: TOO_FAST,
  [-32700]: OTHER_VERSION,
  [-32600]: OTHER_VERSION,
  [-32601]: OTHER_VERSION,
  [-32602]: UNREGISTERED, // "Specified account does not exist"
};

/** Why one recipient did not get a message: JsonSendMessageResult.java. */
const BY_RESULT: Readonly<Record<string, Meaning>> = {
  NETWORK_FAILURE: { kind: 'network' },
  RATE_LIMIT_FAILURE: TOO_FAST,
  UNREGISTERED_FAILURE: { kind: 'rejected', hint: 'The recipient has no Signal account (any more).' },
  IDENTITY_FAILURE: UNTRUSTED,
  INVALID_PRE_KEY_FAILURE: { kind: 'unavailable', certain: true },
};

/** The exceptions that signal-cli names, in brackets, in the message of an unexpected error (-32603). */
const BY_EXCEPTION: ReadonlyMap<string, Meaning> = new Map([
  ['AuthorizationFailedException', UNREGISTERED],
  // It could not upload the file, whatever the reason (AttachmentHelper.java); it sends only after that.
  ['AttachmentInvalidException', { kind: 'unavailable', certain: true }],
]);

/** Statuses by which something that is not signal-cli, or does not want to be called by this name, answers. */
const WRONG_PLACE = new Set([301, 302, 307, 308, 400, 401, 403, 404, 405, 415, 421]);

const sendResult = z.object({
  type: z.string(),
  token: z.string().nullish(),
  retryAfterSeconds: z.number().nullish(),
});
const rpcError = z.object({
  code: z.number(),
  message: z.string().catch(''),
  data: z
    .object({ response: z.object({ results: z.array(sendResult) }) })
    .nullish()
    .catch(undefined),
});

/** An `error` of a JSON-RPC answer. Temporary, unless it is known to be for good. */
export function fromRpcError(error: unknown): ChannelError {
  const parsed = rpcError.safeParse(error);
  if (!parsed.success)
    return new ChannelError('unavailable', 'signal-cli gave an answer that cannot be read');
  const { code, data } = parsed.data;
  const message = withoutFile(parsed.data.message);
  const { type, token, retryAfterSeconds } = data?.response.results[0] ?? {};
  const { kind, ...options } =
    BY_RESULT[type ?? ''] ?? meaningOfExceptions(message) ?? BY_CODE[code] ?? TROUBLE;
  const detail = [message, type, token && `Signal wants a captcha for the challenge ${token}`];
  return new ChannelError(
    kind,
    `signal-cli says: ${detail.filter(Boolean).join(': ').slice(0, 300)} (${code})`,
    {
      ...options,
      ...(retryAfterSeconds && { retryAfterMs: retryAfterSeconds * 1000 }),
      ...(token && {
        hint: `Solve it, then signal-cli submitRateLimitChallenge --challenge ${token} --captcha … (see docs/channels/signal.md), and restart the channel.`,
      }),
    },
  );
}

/** It repeats a file that it could not send, as a whole. */
function withoutFile(message: string): string {
  const start = message.indexOf('data:');
  if (start === -1) return message;
  const end = message.indexOf(': ', start);
  return `${message.slice(0, start)}a file${end === -1 ? '' : message.slice(end)}`;
}

/** It names the exception that it caught, and after it its own that wraps it. */
function meaningOfExceptions(message: string): Meaning | undefined {
  const names = [...message.matchAll(/\((\w+)\)/g)].map(([, name = '']) => name);
  return names.map((name) => BY_EXCEPTION.get(name)).find((meaning) => meaning !== undefined);
}

/** An HTTP status that is not 200. */
export function fromStatus(status: number): ChannelError {
  if (!WRONG_PLACE.has(status)) return new ChannelError('unavailable', `signal-cli answered HTTP ${status}`);
  return new ChannelError('auth', `no signal-cli for this account: HTTP ${status}`, {
    hint: 'Check `http_url` and `account`, and that `signal-cli daemon --http` runs with this account, at this address.',
  });
}
