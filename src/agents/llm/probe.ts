import { z } from 'zod';
import type { Finding } from '../../contract/index.ts';
import { askedOf } from './asked.ts';
import { type Asked, toAgentError } from './errors.ts';
import { ModelFailure } from './failure.ts';
import type { LlmOptions } from './options.ts';
import { type Dialect, type Provider, providerOf } from './providers.ts';

/** Listing models is quick everywhere; a server of one's own may be waking up. In milliseconds. */
const ANSWER_WITHIN_MS = 20_000;
const MOST_NAMES = 5;
/** Without asking for more, some list only their first twenty or fifty. */
const MOST_A_PAGE: Partial<Record<Dialect, string>> = { anthropic: '?limit=1000', google: '?pageSize=1000' };

const listed = z.union([
  z.object({ data: z.array(z.object({ id: z.string() })) }),
  z.object({ models: z.array(z.object({ name: z.string() })) }), // Google, whose names begin with "models/"
]);
const refused = z.object({
  error: z.union([z.string(), z.object({ message: z.string(), code: z.unknown().optional() })]),
});

/** Asks the provider which models this key may use, which costs nothing. Rejects with an AgentError. */
export async function probe(options: LlmOptions, signal: AbortSignal): Promise<Finding[]> {
  const provider = providerOf(options.provider);
  const asked = askedOf(options, provider);
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  try {
    if (provider.keyCheck !== undefined) await get(provider.keyCheck, asked, provider, inTime);
    return judge(await get('/models', asked, provider, inTime), asked);
  } catch (error) {
    throw toAgentError(error, asked);
  }
}

/** The answer's JSON; `undefined` where the server has no such thing. Throws a ModelFailure. */
async function get(
  path: string,
  { baseUrl, apiKey }: Asked,
  { dialect }: Provider,
  signal: AbortSignal,
): Promise<unknown> {
  const url = baseUrl.replace(/\/+$/, '') + path + (MOST_A_PAGE[dialect] ?? '');
  const headers = headersFor(dialect, apiKey);
  const response = await fetch(url, { headers, signal, redirect: 'error' }).catch((error: unknown) => {
    const { cause, name } = error as { cause?: { code?: unknown }; name: string };
    throw new ModelFailure('network', String(cause?.code ?? name));
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  if (response.status === 404 || response.status === 405) return undefined;
  throw refusal(response.status, body);
}

function headersFor(dialect: Dialect, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  switch (dialect) {
    case 'anthropic':
      return { 'x-api-key': key, 'anthropic-version': '2023-06-01' }; // https://docs.claude.com/en/api/versioning
    case 'google':
      return { 'x-goog-api-key': key };
    default:
      return { authorization: `Bearer ${key}` };
  }
}

/** Google answers a wrong key with 400, and says in the details that it is the key. */
function refusal(status: number, body: unknown): ModelFailure {
  const { error } = refused.safeParse(body).data ?? { error: 'no reason given' };
  const message = typeof error === 'string' ? error : error.message;
  const isKey = JSON.stringify(body ?? '').includes('API_KEY_INVALID');
  const code = typeof error === 'string' ? undefined : error.code;
  return new ModelFailure('refused', message, {
    status: isKey ? 401 : status,
    code: typeof code === 'string' ? code : undefined,
  });
}

function judge(body: unknown, { provider, model, baseUrl }: Asked): Finding[] {
  const { host } = new URL(baseUrl);
  const { data } = listed.safeParse(body);
  if (data === undefined) {
    const cure = `Check base_url: for most servers it ends with /v1. If ${host} lists no models at all, write to the agent to see whether it answers.`;
    return [{ level: 'warning', what: `${provider} (${host}) answers, but lists no models`, cure }];
  }
  const names = 'data' in data ? data.data.map(({ id }) => id) : data.models.map(({ name }) => name);
  const known = new Set(names.map((name) => name.replace(/^models\//, '').replace(/:latest$/, '')));
  if (known.has(model.replace(/:latest$/, '')))
    return [{ level: 'ok', what: `${provider} (${host}) has the model ${model}` }];
  return [
    {
      level: 'warning',
      what: `${provider} (${host}) does not list the model ${model}`,
      cure:
        names.length === 0
          ? 'Load a model there, and name it as `model`.'
          : `Set \`model\` to one that it lists, such as ${names.slice(0, MOST_NAMES).join(', ')}.`,
    },
  ];
}
