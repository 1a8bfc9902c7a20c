import type { Agent, AgentId, AgentType, Turn } from '../../contract/index.ts';
import { answer, type Brain } from './answer.ts';
import { askedOf } from './asked.ts';
import { turnsWithin } from './history.ts';
import { type LlmOptions, llmOptions } from './options.ts';
import { systemPrompt } from './prompt.ts';
import { providerOf } from './providers.ts';

/** Answers with a language model. The SDKs are loaded by `create`; the network is only touched by turns. */
export const llm: AgentType<LlmOptions> = {
  options: llmOptions,
  create,
  async probe(options, signal) {
    const { probe } = await import('./probe.ts');
    return probe(options, signal);
  },
};

async function create(id: AgentId, options: LlmOptions): Promise<Agent> {
  const brain = await brainOf(options);
  const runtime = { run: (turn: Turn) => answer(turn, brain), close: async () => {} };
  return { id, historyTurns: turnsWithin(options.history_tokens), open: async () => runtime };
}

async function brainOf(options: LlmOptions): Promise<Brain> {
  const { openModel } = await import('./model-port.ts');
  const known = providerOf(options.provider);
  const asked = askedOf(options, known);
  return {
    port: await openModel({
      ...asked,
      dialect: known.dialect,
      asksForUsage: known.acceptsStreamOptions ?? true,
    }),
    asked,
    system: systemPrompt(options.system_prompt),
    temperature: options.temperature,
    maxOutputTokens: options.max_output_tokens,
    historyTokens: options.history_tokens,
    vision: options.vision ?? known.vision === true,
    patience: {
      firstToken: options.first_token_timeout,
      idle: options.idle_timeout,
      total: options.total_timeout,
    },
  };
}
