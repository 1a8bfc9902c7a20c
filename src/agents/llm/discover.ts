import { type ProviderName, providerNames, providerOf } from './providers.ts';

/** A model that this machine could use at once. */
export interface Suggestion {
  /** What was found, as the beginning of a sentence. */
  readonly found: string;
  /** The line for `agents:` in the config; names the variable of a key, never its value. */
  readonly yaml: string;
}

/** Where Ollama listens unless told otherwise. */
const OLLAMA_URL = 'http://127.0.0.1:11434';
/** It is a neighbour: if it does not answer at once, it is not there. */
const PROBE_MS = 500;

/** A model that was found, and the variable that holds its key, if it wants one. */
export interface FoundModel {
  readonly provider: ProviderName;
  readonly model: string;
  readonly keyVariable?: string;
}

/** Looks for a provider's key in the environment, and then for an Ollama on this machine. Asks no other machine. */
export async function findModel(
  env: Readonly<Record<string, string | undefined>>,
  ollamaUrl = OLLAMA_URL,
): Promise<FoundModel | undefined> {
  for (const provider of providerNames) {
    const { keyVariables, suggestedModel } = providerOf(provider);
    const keyVariable = keyVariables.find((name) => env[name]);
    if (keyVariable !== undefined && suggestedModel !== undefined) {
      return { provider, model: suggestedModel, keyVariable };
    }
  }
  const model = await firstOllamaModel(ollamaUrl);
  return model === undefined ? undefined : { provider: 'ollama', model };
}

/** The same, in words and as a line of YAML. */
export async function suggestAgent(
  env: Readonly<Record<string, string | undefined>>,
  ollamaUrl = OLLAMA_URL,
): Promise<Suggestion | undefined> {
  const found = await findModel(env, ollamaUrl);
  if (found === undefined) return undefined;
  const { provider, model, keyVariable } = found;
  if (keyVariable === undefined) {
    return { found: 'Ollama runs on this machine', yaml: agentLine(provider, model, '') };
  }
  return {
    found: `${keyVariable} is set`,
    yaml: agentLine(provider, model, `, api_key: "\${${keyVariable}}"`),
  };
}

function agentLine(provider: ProviderName, model: string, key: string): string {
  return `default: { type: llm, provider: ${provider}, model: ${JSON.stringify(model)}${key} }`;
}

/** `undefined` when there is no Ollama, or one without a model that can talk. */
async function firstOllamaModel(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/api/tags`, {
      signal: AbortSignal.timeout(PROBE_MS),
      redirect: 'error',
    });
    const { models } = (await response.json()) as { models: { name: string }[] };
    return models.map(({ name }) => name).find((name) => !name.includes('embed'));
  } catch {
    return undefined; // nobody there, or somebody else
  }
}
