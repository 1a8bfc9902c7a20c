import { AgentError, errorText } from '../../contract/index.ts';
import { ModelFailure } from './failure.ts';

/** Who was asked; for the words of an error. */
export interface Asked {
  readonly provider: string;
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Where people keep this provider's key. */
  readonly keyVariable: string | undefined;
}

/**
 * A failure as the gateway understands it: temporary unless known to be permanent. It has no `cause`, because
 * the errors of the SDK hold the whole request.
 */
export function toAgentError(failure: unknown, asked: Asked): AgentError {
  const { host } = new URL(asked.baseUrl); // the rest of the address may hold a secret
  const who = `${asked.provider} (${host})`;
  if (!(failure instanceof ModelFailure)) {
    const said = shown(errorText(failure), asked);
    return new AgentError(`asking ${who} failed: ${said}`, { temporary: true });
  }
  const { kind, message } = failure;
  if (kind === 'network') {
    return new AgentError(`${who} cannot be reached, or hung up (${message})`, {
      temporary: true,
      hint: `is it running at ${host}, and can this machine reach it?`,
    });
  }
  if (kind === 'broken') {
    return new AgentError(`what ${who} sent is no answer (${message})`, { temporary: true });
  }
  const { temporary, what, hint } = refusal(failure, asked);
  // With a refused key, the provider's words quote parts of the key.
  const quote = isKeyRefusal(failure) ? '' : `: ${shown(message, asked)}`;
  const retryAfterMs = temporary ? retryAfter(failure.headers) : undefined;
  return new AgentError(`${who} ${what}${quote}`, {
    temporary,
    ...(hint !== undefined && { hint }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

interface Refusal {
  readonly temporary: boolean;
  readonly what: string;
  readonly hint?: string;
}

function refusal(failure: ModelFailure, asked: Asked): Refusal {
  const { status, code } = failure;
  if (isTooLong(failure)) {
    const hint = `lower history_tokens, or choose a model that reads more than ${asked.model}`;
    return { temporary: false, what: 'cannot read that much', hint };
  }
  if (isKeyRefusal(failure)) {
    const where = asked.keyVariable === undefined ? 'api_key' : `api_key (mostly \${${asked.keyVariable}})`;
    const hint = `check ${where}: is it of this provider, region and project, and still valid?`;
    return { temporary: false, what: `refuses the key (HTTP ${status})`, hint };
  }
  if (status === 402 || code === 'insufficient_quota') {
    return {
      temporary: false,
      what: 'wants to be paid first',
      hint: 'top up the account, or raise its limit',
    };
  }
  if (status === 404) {
    const hint = `check model (${asked.model}) and base_url; a local server must have loaded the model`;
    return { temporary: false, what: `does not know the model ${asked.model}`, hint };
  }
  if (status === 429) return { temporary: true, what: 'is asked too often' };
  if (status === undefined) return { temporary: true, what: 'broke off' };
  if (status >= 500 || PASSING.has(status)) {
    return { temporary: true, what: `has trouble of its own (HTTP ${status})` };
  }
  return {
    temporary: false,
    what: `rejects the request (HTTP ${status})`,
    hint: `mostly a setting of this agent that ${asked.model} does not take`,
  };
}

/** Request timeout, conflict, too early: HTTP's statuses below 500 that ask for another try. */
const PASSING = new Set([408, 409, 425]);

function isKeyRefusal({ status }: ModelFailure): boolean {
  return status === 401 || status === 403;
}

/** Anthropic, Google, vLLM and others have no code for it, only words; they decide no more than which hint is given. */
const TOO_LONG = [
  'context length',
  'context window',
  'prompt is too long',
  'exceeds the maximum number of tokens',
];

function isTooLong({ status, code, message }: ModelFailure): boolean {
  if (code === 'context_length_exceeded' || status === 413) return true;
  return status === 400 && TOO_LONG.some((words) => message.toLowerCase().includes(words));
}

/** A provider may be mistaken about a day; the gateway's own backoff then serves better. */
const LONGEST_WAIT_MS = 3_600_000;

/** `retry-after-ms` (OpenAI), `retry-after` in seconds or as a date (RFC 9110, 10.2.3); in milliseconds. */
function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const written = headers['retry-after'];
  const ms = [
    Number(headers['retry-after-ms'] ?? Number.NaN),
    Number(written ?? Number.NaN) * 1000,
    Date.parse(written ?? '') - Date.now(),
  ].find((candidate) => candidate > 0);
  return ms === undefined ? undefined : Math.min(Math.round(ms), LONGEST_WAIT_MS);
}

const LONGEST_QUOTE = 300;

/** A provider's words on one line, short, and without the key in any of its spellings. */
function shown(text: string, { apiKey }: Asked): string {
  let words = text;
  for (const secret of apiKey === undefined ? [] : spellings(apiKey)) {
    words = words.replaceAll(secret, '[key]');
  }
  return words
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_QUOTE);
}

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('base64url')];
}
