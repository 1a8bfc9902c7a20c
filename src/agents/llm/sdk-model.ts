import type { LanguageModel } from 'ai';
import type { Dialect } from './providers.ts';

/** Where a model is, and how to speak to it. */
export interface ModelAddress {
  readonly dialect: Dialect;
  readonly provider: string;
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Whether to ask for the token counts, which some servers refuse to be asked for. */
  readonly asksForUsage: boolean;
}

/**
 * The SDK's model, always as an object: a bare name would be routed through the SDK maker's own hosted gateway.
 * Address and key are always given, so that the SDKs read none from the environment.
 */
export async function sdkModel({
  dialect,
  provider,
  model,
  baseUrl: baseURL,
  apiKey = '',
  asksForUsage,
}: ModelAddress): Promise<Exclude<LanguageModel, string>> {
  switch (dialect) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      // Chat completions, which leave nothing stored at the provider, and which proxies speak too.
      return createOpenAI({ baseURL, apiKey }).chat(model);
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL, apiKey })(model);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ baseURL, apiKey })(model);
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({ name: provider, baseURL, apiKey, includeUsage: asksForUsage })(model);
    }
  }
}
