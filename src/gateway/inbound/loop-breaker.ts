import { LRUCache } from 'lru-cache';
import type { EventBus } from '../events.ts';

/** Who answers an answer sooner than this, every time, is no person; in milliseconds. */
const QUICK_MS = 3_000;
/** Chats that are watched at once. */
const WATCHED = 10_000;

interface Exchange {
  answeredAt: number;
  /** Whether something was said since. */
  said: boolean;
  quickOnes: number;
}

/**
 * Notices when two bots answer each other: each message comes at once after our answer, again and again.
 * It has no memory beyond the process, and needs none: the loop would begin anew, and be found anew.
 */
export class LoopBreaker {
  readonly #exchanges = new LRUCache<number, Exchange>({ max: WATCHED });

  constructor(events: EventBus) {
    events.on('outbound.sent', ({ chatRef }) => this.#answered(chatRef, Date.now()));
  }

  /** Whether the message that has just come is one quick answer too many. Once it is, a pause makes it good again. */
  isLoop(chatRef: number, limit: number, now: number): boolean {
    const exchange = this.#exchanges.get(chatRef);
    if (exchange === undefined) return false;
    if (now - exchange.answeredAt >= QUICK_MS) exchange.quickOnes = 0;
    else if (!exchange.said) exchange.quickOnes += 1;
    exchange.said = true;
    return exchange.quickOnes > limit;
  }

  #answered(chatRef: number, now: number): void {
    const exchange = this.#exchanges.get(chatRef);
    if (exchange === undefined) this.#exchanges.set(chatRef, { answeredAt: now, said: false, quickOnes: 0 });
    else {
      exchange.answeredAt = now;
      exchange.said = false;
    }
  }
}
