import { LRUCache } from 'lru-cache';
import type { ChannelId, Sender, SenderId, UserId } from '../../contract/index.ts';
import type { Identity, Store, UserChoices } from '../../store/index.ts';

/** Somebody whom we know: the sender of a message, and the person behind it. */
export interface Person {
  readonly identity: Identity;
  readonly user: UserId;
  /** Any of their identities makes them one. */
  readonly isAdmin: boolean;
  readonly choices: UserChoices;
}

/** People kept in memory; the others are read from the store. About 500 bytes each. */
const CACHED_PEOPLE = 20_000;
/** In the cache, for a sender whom we do not know. */
const NOBODY = 'nobody';

/** Knows which person is behind a sender. A sender who is linked to nobody is a user of their own. */
export class IdentityResolver {
  readonly #store: Store;
  readonly #cache = new LRUCache<string, Person | typeof NOBODY>({ max: CACHED_PEOPLE });

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whoever was heard before. */
  find(channel: ChannelId, sender: SenderId): Person | undefined {
    const key = `${channel}\0${sender}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known === NOBODY ? undefined : known;
    const identity = this.#store.identities.get(channel, sender);
    const person = identity && this.#person(identity);
    this.#cache.set(key, person ?? NOBODY);
    return person;
  }

  /** To be called within a write: a sender heard for the first time becomes a user. */
  resolve(channel: ChannelId, sender: Sender): Person {
    const known = this.find(channel, sender.id);
    if (known !== undefined) return known;
    const person = this.#person(this.#store.identities.of(channel, sender));
    // Not into the cache: the write may fail yet.
    this.#cache.delete(`${channel}\0${sender.id}`);
    return person;
  }

  /** Somebody was linked, let in, or chose something. */
  forget(): void {
    this.#cache.clear();
  }

  #person(identity: Identity): Person {
    const { user } = identity;
    const isAdmin = identity.admin || this.#store.identities.ofUser(user).some(({ admin }) => admin);
    return { identity, user, isAdmin, choices: this.#store.users.choicesOf(user) };
  }
}
