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

  /** Rejects with a StorageFault when a new chat, user or session cannot be written. */
  async route(channel: ChannelId, agent: AgentId, message: InboundMessage): Promise<Route> {
    const { chat, sender } = message;
    const key = JSON.stringify([channel, agent, chat.id, chat.kind === 'direct' ? sender.id : '']);
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
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
