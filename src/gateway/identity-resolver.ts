import type { ChannelId, Sender, UserId } from '../contract/index.ts';
import type { Store } from '../store/index.ts';

/** Knows which person is behind a sender: each sender of each channel is a user of their own. */
export class IdentityResolver {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** To be called within a write: a sender seen for the first time becomes a user. */
  resolve(channel: ChannelId, sender: Sender): UserId {
    return this.#store.identities.userOf(channel, sender);
  }
}
