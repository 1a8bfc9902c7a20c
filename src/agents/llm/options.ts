import { z } from 'zod';
import { providerNames, providerOf } from './providers.ts';

const seconds = z.number().positive();
/** Node's fetch waits no longer than this for the headers of an answer, and between two pieces of it. */
const LONGEST_SILENCE = 300;

/** The own keys of an agent of type `llm`. Durations are seconds. */
export const llmOptions = z
  .strictObject({
    provider: z.enum(providerNames).describe('Whose models answer.'),
    model: z.string().min(1).describe('The model, by the name that the provider gave it.'),
    base_url: z
      .url({ protocol: /^https?$/ })
      .refine(hasNoCredentials, 'must not hold a user name or a password; the key belongs to api_key')
      .optional()
      .describe("Where the provider answers, if not at its usual address; required for 'openai-compatible'."),
    api_key: z
      .string()
      // Whatever else is in a header is refused by fetch, with an error that quotes it.
      .regex(/^[\x21-\x7e]+$/, 'must be one word of printable ASCII, without spaces and line breaks')
      .optional()
      .describe("The provider's key. Best kept in the environment."),
    system_prompt: z.string().min(1).optional().describe('Who the agent is and how it shall answer.'),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .describe('How freely it chooses its words; by default the provider decides.'),
    max_output_tokens: z
      .int()
      .min(1)
      .optional()
      .describe('The longest answer; by default the provider decides.'),
    history_tokens: z
      .int()
      .min(0)
      .default(16_000)
      .describe('How much of the conversation so far the model sees, estimated; the oldest turns go first.'),
    vision: z
      .boolean()
      .optional()
      .describe('Whether the model looks at pictures; by default as far as the provider is known for it.'),
    first_token_timeout: seconds
      .max(LONGEST_SILENCE)
      .default(120)
      .describe('Seconds until the model must have begun to answer or to think.'),
    idle_timeout: seconds
      .max(LONGEST_SILENCE)
      .default(60)
      .describe('Seconds that it may fall silent after that.'),
    total_timeout: seconds.max(86_400).default(540).describe('Seconds until the answer must be complete.'),
  })
  .check(({ value, issues }) => {
    const { provider, base_url, api_key } = value;
    const { baseUrl, keyVariables } = providerOf(provider);
    const missing = (key: string, message: string) =>
      issues.push({ code: 'custom', path: [key], message, input: value });
    if (base_url === undefined && baseUrl === undefined) {
      missing('base_url', `the provider ${provider} needs the line base_url: https://…`);
    }
    if (api_key === undefined && keyVariables[0] !== undefined) {
      missing('api_key', `the provider ${provider} needs the line api_key: \${${keyVariables[0]}}`);
    }
  });

export type LlmOptions = z.output<typeof llmOptions>;

/** What is no URL at all is told by another check. */
function hasNoCredentials(url: string): boolean {
  const { username, password } = URL.parse(url) ?? { username: '', password: '' };
  return username === '' && password === '';
}
