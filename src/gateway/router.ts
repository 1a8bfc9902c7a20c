import { LRUCache } from 'lru-cache';
import type { AgentId, ChannelId, InboundMessage, SessionId } from '../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { IdentityResolver } from './identity-resolver.ts';

/** Where a message belongs. */
export interface Route {
  /** The chat's row. */
  readonly chat: number;
  readonly session: SessionId;
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
  readonly #cache = new LRUCache<string, Route>({ max: CACHED_ROUTES });

  constructor(store: Store, identities: IdentityResolver) {
    this.#store = store;
    this.#identities = identities;
  }

  /** At once for a chat that is known, since most are. Rejects with a StorageFault when a new one cannot be written. */
  route(channel: ChannelId, agent: AgentId, message: InboundMessage): Route | Promise<Route> {
    const { chat, sender } = message;
    const key = `${channel}\0${agent}\0${chat.id}\0${chat.kind === 'direct' ? sender.id : ''}`;
    return this.#cache.get(key) ?? this.#add(key, channel, agent, message);
  }

  async #add(
    key: string,
    channel: ChannelId,
    agent: AgentId,
    { chat, sender }: InboundMessage,
  ): Promise<Route> {
    const route = await this.#store.write(() => {
      const user = this.#identities.resolve(channel, sender);
      const ref = this.#store.chats.refOf(channel, chat);
      const owner = chat.kind === 'direct' ? `user ${user}` : `chat ${ref}`;
      return { chat: ref, session: this.#store.sessions.sessionOf(`${owner} agent ${agent}`, agent) };
    });
    this.#cache.set(key, route);
    return route;
  }
}
