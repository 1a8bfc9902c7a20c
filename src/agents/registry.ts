import type { AgentType } from '../contract/index.ts';

/** Every agent type by the name it has in the config; loaded when a config asks for it. */
export const agentTypes: Record<string, () => Promise<AgentType>> = {
  echo: async () => (await import('./echo/index.ts')).echo,
  llm: async () => (await import('./llm/index.ts')).llm,
};
