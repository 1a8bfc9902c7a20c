import { LRUCache } from 'lru-cache';
import type { AgentId, ChannelId, InboundMessage, SessionId } from '../../contract/index.ts';
import { directKey, groupKey, type Store } from '../../store/index.ts';
import type { IdentityResolver, Person } from '../people/identity-resolver.ts';

/** Where a message belongs. */
export interface Route {
  /** The chat's row. */
  readonly chat: number;
  readonly session: SessionId;
  /** Who answers. */
  readonly agent: AgentId;
}

/** Who answers on a channel: see ChannelOptions. */
export interface Answerers {
  readonly id: ChannelId;
  readonly agent: AgentId;
  readonly agentFor: ReadonlyMap<string, AgentId>;
}

/** Routes kept in memory; the others are read from the store. About 300 bytes each. */
const CACHED_ROUTES = 20_000;

/**
 * Finds the session of a message: one per user and agent in direct chats (whatever the channel), one per chat and agent
 * in groups.
 */
export class Router {
  readonly #store: Store;
  readonly #identities: IdentityResolver;
  readonly #agents: ReadonlySet<AgentId>;
  readonly #cache = new LRUCache<string, Route>({ max: CACHED_ROUTES });

  constructor(store: Store, identities: IdentityResolver, agents: ReadonlySet<AgentId>) {
    this.#store = store;
    this.#identities = identities;
    this.#agents = agents;
  }

  /** At once for a chat that is known, since most are. Rejects with a StorageFault when a new one cannot be written. */
  route(channel: Answerers, message: InboundMessage): Route | Promise<Route> {
    const { chat, sender } = message;
    const key = `${channel.id}\0${chat.id}\0${chat.kind === 'direct' ? sender.id : ''}`;
    return this.#cache.get(key) ?? this.#add(key, channel, message);
  }

  /** Somebody was linked, or chose another agent. */
  forget(): void {
    this.#cache.clear();
  }

  async #add(key: string, channel: Answerers, message: InboundMessage): Promise<Route> {
    const route = await this.#store.write(() => this.#find(channel, message));
    this.#cache.set(key, route);
    return route;
  }

  /** Within a write. */
  #find(channel: Answerers, { chat, sender }: InboundMessage): Route {
    const ref = this.#store.chats.refOf(channel.id, chat);
    if (chat.kind === 'group') {
      const chosen = this.#store.chats.agentOf(ref);
      const agent = this.#agentOf(chosen, channel, [chat.id, chat.parent]);
      return { chat: ref, agent, session: this.#store.sessions.sessionOf(groupKey(ref, agent), agent) };
    }
    const person = this.#identities.resolve(channel.id, sender);
    this.#store.chats.belongsTo(ref, sender.id);
    const agent = this.#agentOf(person.choices.agent, channel, [chat.id, sender.id]);
    return { chat: ref, agent, session: this.#sessionOf(person, agent) };
  }

  #sessionOf({ user }: Person, agent: AgentId): SessionId {
    return this.#store.sessions.sessionOf(directKey(user, agent), agent);
  }

  /** What people chose, unless it is no longer there; else what the owner says of the chat or the sender; else the channel's. */
  #agentOf(
    chosen: AgentId | undefined,
    { agent, agentFor }: Answerers,
    ids: readonly (string | undefined)[],
  ): AgentId {
    if (chosen !== undefined && this.#agents.has(chosen)) return chosen;
    const named = ids.find((id) => id !== undefined && agentFor.has(id));
    return (named !== undefined && agentFor.get(named)) || agent;
  }
}
