import type { Asked } from './errors.ts';
import type { LlmOptions } from './options.ts';
import type { Provider } from './providers.ts';

/** Who is asked, by the options of an agent and by what is known of its provider. */
export function askedOf(options: LlmOptions, { baseUrl, keyVariables }: Provider): Asked {
  return {
    provider: options.provider,
    model: options.model,
    baseUrl: options.base_url ?? baseUrl ?? '', // the schema sees to one of them
    apiKey: options.api_key,
    keyVariable: keyVariables[0],
  };
}
