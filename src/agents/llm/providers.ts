/** The wire formats that we have an SDK for. */
export type Dialect = 'openai' | 'anthropic' | 'google' | 'openai-compatible';

/** What is known about a provider of models before anybody configures it. */
export interface Provider {
  readonly dialect: Dialect;
  /** Where it answers; absent where only the owner knows. */
  readonly baseUrl?: string;
  /** The environment variables in which people keep its key, the usual one first; empty where it asks for none. */
  readonly keyVariables: readonly string[];
  /** A good model to begin with; absent where models are named per account or machine. */
  readonly suggestedModel?: string;
  /** Its usual models look at pictures. */
  readonly vision?: true;
  /** `false`: answers 422 to `stream_options`, and reports the usage without being asked. */
  readonly acceptsStreamOptions?: false;
  /** It lists its models to anyone; this path, below `baseUrl`, is what proves the key. */
  readonly keyCheck?: string;
}

/**
 * Addresses and variables are those of each provider's own documentation, as of November 2026. Models are from the catalogs
 * of the `@ai-sdk` packages and, for the compatible ones, from the providers' documentation.
 * In the order in which a found key is suggested.
 */
export const providers = {
  anthropic: {
    dialect: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    keyVariables: ['ANTHROPIC_API_KEY'],
    suggestedModel: 'claude-sonnet-5-5',
    vision: true,
  },
  openai: {
    dialect: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    keyVariables: ['OPENAI_API_KEY'],
    suggestedModel: 'gpt-6-astra',
    vision: true,
  },
  google: {
    dialect: 'google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    suggestedModel: 'gemini-4-argon',
    vision: true,
  },
  deepseek: {
    dialect: 'openai-compatible',
    baseUrl: 'https://api.deepseek.com',
    keyVariables: ['DEEPSEEK_API_KEY'],
    suggestedModel: 'deepseek-flash',
  },
  /** Keys of the international edition need `base_url: https://dashscope-intl.aliyuncs.com/compatible-mode/v1`. */
  qwen: {
    dialect: 'openai-compatible',
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    keyVariables: ['DASHSCOPE_API_KEY'],
    suggestedModel: 'qwen-plus',
  },
  /** Its models are named by the endpoints of one's own account. */
  doubao: {
    dialect: 'openai-compatible',
    baseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
    keyVariables: ['ARK_API_KEY'],
  },
  /** Keys of the Chinese edition need `base_url: https://api.moonshot.cn/v1`. */
  moonshot: {
    dialect: 'openai-compatible',
    baseUrl: 'https://api.moonshot.ai/v1',
    keyVariables: ['MOONSHOT_API_KEY'],
    suggestedModel: 'kimi-k2.6',
  },
  mistral: {
    dialect: 'openai-compatible',
    baseUrl: 'https://api.mistral.ai/v1',
    keyVariables: ['MISTRAL_API_KEY'],
    suggestedModel: 'mistral-medium-latest',
    acceptsStreamOptions: false,
  },
  groq: {
    dialect: 'openai-compatible',
    baseUrl: 'https://api.groq.com/openai/v1',
    keyVariables: ['GROQ_API_KEY'],
    suggestedModel: 'qwen/qwen3.6-27b',
  },
  openrouter: {
    dialect: 'openai-compatible',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyVariables: ['OPENROUTER_API_KEY'],
    suggestedModel: 'openrouter/auto',
    keyCheck: '/key', // https://openrouter.ai/docs/api-reference/limits
  },
  xai: {
    dialect: 'openai-compatible',
    baseUrl: 'https://api.x.ai/v1',
    keyVariables: ['XAI_API_KEY'],
    suggestedModel: 'grok-4.3',
    vision: true,
  },
  ollama: { dialect: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', keyVariables: [] },
  lmstudio: { dialect: 'openai-compatible', baseUrl: 'http://127.0.0.1:1234/v1', keyVariables: [] },
  vllm: { dialect: 'openai-compatible', baseUrl: 'http://127.0.0.1:8000/v1', keyVariables: [] },
  /** Anything else that answers `POST /chat/completions` below its `base_url`. */
  'openai-compatible': { dialect: 'openai-compatible', keyVariables: [] },
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers) as ProviderName[];

export function providerOf(name: ProviderName): Provider {
  return providers[name];
}
