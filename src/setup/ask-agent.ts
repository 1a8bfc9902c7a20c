import { type FoundModel, findModel } from '../agents/llm/discover.ts';
import { type ProviderName, providerNames, providerOf } from '../agents/llm/providers.ts';
import { mistakesIn, type Registry } from '../config/index.ts';
import type { AgentType } from '../contract/index.ts';
import { askedAgent } from '../doctor/index.ts';
import { answerTo, choiceOf, type Interviewing, meaningOf } from './answers.ts';
import type { Values } from './plan.ts';
import { judge } from './trial.ts';

const ECHO = 'echo';
const LLM = 'llm';
const AGENT = 'agent';

/** Asks who answers, and for a model whether its provider lets us ask it. */
export async function askAgent(
  it: Interviewing & { readonly agentTypes: Registry<AgentType> },
): Promise<Values> {
  const found = await findModel(it.env);
  for (;;) {
    const type = await choiceOf(it, {
      key: 'agent.type',
      words: 'Who answers? echo repeats what it hears, and needs no key; llm is a language model.',
      choices: Object.keys(it.agentTypes),
      fallback: found === undefined ? ECHO : LLM,
    });
    if (type !== LLM) return { type };
    const options = await askModel(it, found);
    const llm = await it.agentTypes[LLM]?.();
    const trial = llm && (await tried(it, llm, options));
    if (trial === 'without') return { type: ECHO };
    if (trial !== 'again') return { type: LLM, ...options };
  }
}

async function askModel(it: Interviewing, found: FoundModel | undefined): Promise<Record<string, string>> {
  const provider = (await choiceOf(it, {
    key: 'agent.provider',
    words: 'Whose models?',
    choices: providerNames,
    fallback: found?.provider ?? 'anthropic',
  })) as ProviderName;
  const { baseUrl, keyVariables, suggestedModel } = providerOf(provider);
  const values: Record<string, string> = { provider };
  if (baseUrl === undefined || it.settings.has('agent.base_url')) {
    const words = 'base_url: where it answers, such as http://127.0.0.1:8000/v1';
    values.base_url = await answerTo(it, { key: 'agent.base_url', words }, isAddress);
  }
  if (keyVariables[0] !== undefined || it.settings.has('agent.api_key')) {
    values.api_key = await askKey(it, keyVariables);
  }
  const model = found?.provider === provider ? found.model : suggestedModel;
  values.model = await answerTo(
    it,
    { key: 'agent.model', words: 'model: its name at the provider', ...(model && { fallback: model }) },
    needed,
  );
  return values;
}

function askKey(it: Interviewing, variables: readonly string[]): Promise<string> {
  const variable = variables.find((name) => it.env[name]);
  const known = variable && it.env[variable];
  const offer = known ? { fallback: known, fallbackWords: `that of ${variable}` } : {};
  const question = { key: 'agent.api_key', words: "api_key: the provider's key.", hidden: true, ...offer };
  return answerTo(it, question, needed);
}

async function tried(it: Interviewing, llm: AgentType, values: Readonly<Record<string, string>>) {
  const { meaning, problem } = meaningOf(llm.options, values, it);
  const [mistake] = mistakesIn(llm.options, meaning);
  if (problem !== undefined || mistake !== undefined) {
    it.asker.refuse(AGENT, problem ?? `${mistake?.path.join('.')}: ${mistake?.message}`);
    return 'again' as const;
  }
  it.asker.say(`  Asking ${values.provider} …`);
  const options: unknown = llm.options.parse(meaning);
  const findings = await askedAgent(llm, { options }, it.asker.stopped);
  return judge(it, { name: AGENT, tried: meaning, findings });
}

function needed(answer: string): string | undefined {
  return answer === '' ? 'it is needed' : undefined;
}

function isAddress(answer: string): string | undefined {
  return URL.canParse(answer) && /^https?:/.test(answer)
    ? undefined
    : 'it must begin with http:// or https://';
}
