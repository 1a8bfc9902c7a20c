import type { Config } from './config.ts';

/** What about a configuration without mistakes may surprise its owner. */
export interface ConfigWarning {
  readonly what: string;
  readonly cure: string;
}

export function warningsOf({ channels, agents }: Config): ConfigWarning[] {
  const on = channels.filter((channel) => channel.enabled);
  if (on.length === 0) {
    const what = 'no channel is enabled, so nobody can write to the agents';
    return [{ what, cure: 'Add one under channels; `webchat: {}` needs nothing else.' }];
  }
  const used = new Set(on.flatMap(({ agent, agentFor }) => [agent, ...agentFor.values()]));
  const idle = agents.filter(({ id }) => !used.has(id)).map(({ id }) => id);
  if (idle.length === 0) return [];
  const cure = 'Name them with `agent:` or `agent_for:` at a channel, or take them out.';
  return [{ what: `no enabled channel uses: ${idle.join(', ')}`, cure }];
}
