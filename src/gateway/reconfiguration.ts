import type { Agent, AgentId, ChannelAdapter, ChannelId } from '../contract/index.ts';
import { adjust, type Channel } from './channels/channel.ts';
import type { EventBus } from './events.ts';
import type { Router } from './inbound/router.ts';
import type { ChannelOptions, GatewayOptions } from './options.ts';
import type { Lanes } from './outbound/lanes.ts';
import { become, type Settings } from './settings.ts';
import type { SessionManager } from './turns/session-manager.ts';
import type { TurnScheduler } from './turns/turn-scheduler.ts';

/** How long sends under way may go on once their adapter is to go; in milliseconds. */
const SEND_GRACE_MS = 2_000;

/** What of a gateway can change while it runs. An adapter or an agent that is the same object goes on as it is. */
export type Reconfigurable = Settings & Pick<GatewayOptions, 'channels' | 'agents'>;

interface Parts {
  readonly settings: Settings;
  readonly agents: Map<AgentId, Agent>;
  /** The names of these agents. */
  readonly agentIds: Set<AgentId>;
  readonly channels: Map<ChannelId, Channel>;
  readonly events: EventBus;
  readonly lanes: Lanes;
  readonly turns: TurnScheduler;
  readonly sessions: SessionManager;
  readonly router: Router;
  makeChannel(options: ChannelOptions): Channel;
  /** Takes up what is on disk for a channel that this process has not had so far. */
  recover(channel: Channel): Promise<void>;
}

/**
 * Has a running gateway go by other options. What is decided from now on is decided by the new ones, all at once; connections
 * follow, and only those whose adapter is another one. A channel that is taken away keeps its messages until it is back.
 */
export class Reconfiguration {
  readonly #parts: Parts;
  /** Channels that were taken away. */
  readonly #away = new Map<ChannelId, Channel>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves when what has to go is gone and what is new has begun; does not wait for connections. */
  async apply(next: Reconfigurable): Promise<void> {
    const { settings, router, turns } = this.#parts;
    become(settings, next);
    const changedAgents = this.#exchangeAgents(next.agents);
    const connections = this.#adjustChannels(next.channels);
    router.forget();
    turns.goOn(changedAgents);
    await Promise.all(connections.map((connect) => this.#survive(connect)));
  }

  #exchangeAgents(next: Reconfigurable['agents']): AgentId[] {
    const { agents, agentIds, sessions } = this.#parts;
    const changed = [...next].filter(([id, agent]) => agents.get(id) !== agent).map(([id]) => id);
    agents.clear();
    agentIds.clear();
    for (const [id, agent] of next) {
      agents.set(id, agent);
      agentIds.add(id);
    }
    sessions.letGoOfReplaced();
    return changed;
  }

  /** What is left to do for each channel whose connection changes. */
  #adjustChannels(next: readonly ChannelOptions[]): (() => Promise<void>)[] {
    const { channels, makeChannel } = this.#parts;
    const work: (() => Promise<void>)[] = [];
    const before = new Map(channels);
    channels.clear();
    for (const options of next) {
      const known = before.get(options.id) ?? this.#away.get(options.id);
      const channel = known ?? makeChannel(options);
      const isConnected = before.delete(options.id) && channel.options.adapter === options.adapter;
      channels.set(options.id, channel);
      this.#away.delete(options.id);
      if (known === undefined) work.push(() => this.#begin(channel));
      else if (!isConnected) work.push(() => this.#exchange(channel, options.adapter));
      adjust(channel, options);
    }
    for (const [id, channel] of before) {
      this.#away.set(id, channel);
      work.push(() => this.#exchange(channel, undefined));
    }
    return work;
  }

  async #begin(channel: Channel): Promise<void> {
    try {
      await this.#parts.recover(channel);
    } finally {
      await channel.health.restart();
    }
  }

  async #exchange(channel: Channel, adapter: ChannelAdapter | undefined): Promise<void> {
    const { lanes } = this.#parts;
    await lanes.hold(channel, SEND_GRACE_MS);
    try {
      await channel.health.exchange(adapter);
    } finally {
      lanes.release(channel);
    }
  }

  /** Trouble with one channel is none of the others'. */
  async #survive(connect: () => Promise<void>): Promise<void> {
    try {
      await connect();
    } catch (error) {
      this.#parts.events.emit('internal.error', { where: 'reconfiguration', error });
    }
  }
}
