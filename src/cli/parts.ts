import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../agents/registry.ts';
import { type AgentConfig, type ChannelConfig, type Config, isSameMake } from '../config/index.ts';
import { type Agent, type AgentId, type ChannelAdapter, StartError } from '../contract/index.ts';
import type { ChannelOptions } from '../gateway/index.ts';

/** What a configuration asks for, made but not begun. */
export interface Parts {
  readonly channels: readonly ChannelOptions[];
  readonly agents: ReadonlyMap<AgentId, Agent>;
}

/**
 * Makes the adapters and agents of a configuration. Where `before` has the same already, it is the same object. Rejects, with
 * nothing begun, when one of them cannot be made.
 */
export async function makeParts(
  { channels, agents }: Config,
  before?: { readonly config: Config; readonly parts: Parts },
): Promise<Parts> {
  const adapterOf = (channel: ChannelConfig): Promise<ChannelAdapter> | ChannelAdapter => {
    const known = before?.config.channels.find(({ id }) => id === channel.id);
    const made = before?.parts.channels.find(({ id }) => id === channel.id);
    return known && made && isSameMake(known, channel) ? made.adapter : makeAdapter(channel);
  };
  const agentOf = (agent: AgentConfig): Promise<Agent> | Agent => {
    const known = before?.config.agents.find(({ id }) => id === agent.id);
    const made = before?.parts.agents.get(agent.id);
    return known && made && isSameMake(known, agent) ? made : makeAgent(agent);
  };
  return {
    channels: await Promise.all(
      channels
        .filter(({ enabled }) => enabled)
        .map(async (channel) => {
          const { type: _, options: __, enabled: ___, ...rest } = channel;
          return { ...rest, adapter: await adapterOf(channel) };
        }),
    ),
    agents: new Map(
      await Promise.all(agents.map(async (agent) => [agent.id, await agentOf(agent)] as const)),
    ),
  };
}

async function makeAdapter({ type, options }: ChannelConfig): Promise<ChannelAdapter> {
  return (await lookUp(channelTypes, type)).create(options);
}

async function makeAgent({ id, type, options }: AgentConfig): Promise<Agent> {
  return (await lookUp(agentTypes, type)).create(id, options);
}

function lookUp<T>(types: Record<string, () => Promise<T>>, name: string): Promise<T> {
  const load = types[name];
  if (load === undefined) throw new StartError(`there is no type ${name}`);
  return load();
}
