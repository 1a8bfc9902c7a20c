import { LRUCache } from 'lru-cache';
import type { ChannelId, SenderId } from '../../contract/index.ts';

/** Wrong codes that a sender may give within the window, and all senders of a channel together. */
const OF_SENDER = 5;
const OF_CHANNEL = 50;
/** In milliseconds. */
const WINDOW_MS = 60 * 60_000;
const REMEMBERED = 10_000;

/**
 * Makes guessing of one-time codes hopeless: a code is good for minutes, has 40 bits, and few wrong ones are heard. Has no
 * memory beyond the process: whoever could end that has no need to guess.
 */
export class GuessLimit {
  readonly #wrong = new LRUCache<string, number>({
    max: REMEMBERED,
    ttl: WINDOW_MS,
    perf: { now: () => Date.now() },
  });

  /** Whether a code of this sender is looked at. */
  allows(channel: ChannelId, sender: SenderId): boolean {
    const ofSender = this.#wrong.get(`${channel}\0${sender}`) ?? 0;
    return ofSender < OF_SENDER && (this.#wrong.get(channel) ?? 0) < OF_CHANNEL;
  }

  wrong(channel: ChannelId, sender: SenderId): void {
    for (const key of [`${channel}\0${sender}`, channel]) {
      // The window begins with the first wrong one.
      this.#wrong.set(key, (this.#wrong.get(key) ?? 0) + 1, { noUpdateTTL: true });
    }
  }
}
