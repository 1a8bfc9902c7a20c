import { LRUCache } from 'lru-cache';

/** Counts wrong credentials, and says when to stop listening to more of them. */
export interface Lockout {
  /** How long nothing from this peer is compared any more, in milliseconds; 0 when it may try. */
  lockedForMs(peer: string): number;
  /** Counts a wrong try. */
  failed(peer: string): void;
}

const LOCK_MS = 60_000;
const FORGET_MS = 15 * 60_000;
const TRIES_PER_PEER = 10;
/** Holds against one who has many addresses, and so must be more than a household's mistakes. */
const TRIES_IN_ALL = 100;
const MAX_PEERS = 10_000;

/** `now` tells epoch milliseconds. Loopback is a peer like any other: behind a proxy everybody comes from there. */
export function createLockout(now: () => number): Lockout {
  const all = createTries(TRIES_IN_ALL, now);
  const peers = new LRUCache<string, Tries>({ max: MAX_PEERS });
  return {
    lockedForMs: (peer) => Math.max(all.lockedForMs(), peers.get(peer)?.lockedForMs() ?? 0),
    failed(peer) {
      const tries = peers.get(peer) ?? createTries(TRIES_PER_PEER, now);
      peers.set(peer, tries);
      tries.failed();
      all.failed();
    },
  };
}

interface Tries {
  lockedForMs(): number;
  failed(): void;
}

function createTries(allowed: number, now: () => number): Tries {
  let count = 0;
  let last = 0;
  let lockedUntil = 0;
  return {
    lockedForMs: () => Math.max(0, lockedUntil - now()),
    failed() {
      count = now() - last > FORGET_MS ? 1 : count + 1;
      last = now();
      if (count < allowed) return;
      lockedUntil = now() + LOCK_MS;
      count = 0;
    },
  };
}
