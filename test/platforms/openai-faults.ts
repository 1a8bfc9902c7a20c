import type { Fault, Reply } from './fake-http.ts';

/** An error as OpenAI words it. */
export function openAiError(status: number, message: string, type: string, code: string | null): Reply {
  return { status, body: { error: { message, type, param: null, code } } };
}

function fault(reply: Reply, headers: Record<string, string> = {}): Fault {
  return { kind: 'status', ...reply, headers };
}

/** OpenAI's refusals, for `fake.fail('chat', …)`. */
export const openAiFaults = {
  /** Quotes both ends of the key that it was given, as the real one does. */
  wrongKey: (key: string) => {
    const quoted = `${key.slice(0, 8)}***${key.slice(-4)}`;
    return fault(
      openAiError(401, `Incorrect API key provided: ${quoted}.`, 'invalid_request_error', 'invalid_api_key'),
    );
  },
  forbidden: fault(openAiError(403, 'Your project has no access.', 'invalid_request_error', null)),
  rateLimited: (headers: Record<string, string> = {}) =>
    fault(openAiError(429, 'Rate limit reached', 'requests', 'rate_limit_exceeded'), headers),
  outOfMoney: fault(
    openAiError(429, 'You exceeded your current quota', 'insufficient_quota', 'insufficient_quota'),
  ),
  contextTooLong: fault(
    openAiError(
      400,
      "This model's maximum context length is 8192 tokens.",
      'invalid_request_error',
      'context_length_exceeded',
    ),
  ),
  badRequest: (message: string) => fault(openAiError(400, message, 'invalid_request_error', null)),
  down: (status = 500) => fault(openAiError(status, 'The server had an error', 'server_error', null)),
};
