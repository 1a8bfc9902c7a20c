import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelError, type ChannelLog } from '../contract/index.ts';

/** Between attempts, in milliseconds: doubled each time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Tries until it is done, refused for good, or `signal` aborts. `trouble`: what the log says between the attempts. */
export async function persistently<T>(
  attempt: () => Promise<T>,
  trouble: string,
  { log, signal }: { readonly log: ChannelLog; readonly signal: AbortSignal },
  longestPauseMs = LONGEST_PAUSE_MS,
): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const { kind, message, retryAfterMs = 0 } = ChannelError.from(error);
      if (kind === 'rejected' || kind === 'auth') throw error;
      log.warn(`${trouble}; trying again`, { reason: message });
      await sleep(Math.max(pause, retryAfterMs), undefined, { signal });
    }
  }
}
