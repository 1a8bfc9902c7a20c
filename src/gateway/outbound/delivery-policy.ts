import type { ChannelCapabilities, ChannelError } from '../../contract/index.ts';
import type { DeadKind } from '../../store/index.ts';
import type { ChannelOptions } from '../options.ts';
import { jittered } from '../timing.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits between the attempts to send one message: three quick ones, then further and further apart, over a day in all. */
export const RETRY_DELAYS_MS: readonly number[] = [
  1 * SECOND,
  2 * SECOND,
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  3 * HOUR,
  6 * HOUR,
  13 * HOUR,
];

/** What becomes of a message after an attempt that brought no receipt. */
export type Verdict =
  /** Try again. `repeats`: what is sent may then arrive a second time, and nobody can prevent it. */
  | { readonly next: 'again'; readonly inMs: number; readonly repeats: boolean }
  /** Ask the platform whether it arrived, then decide. */
  | { readonly next: 'look' }
  /** Give up. */
  | { readonly next: 'dead'; readonly kind: DeadKind; readonly reason: string };

/**
 * How a message can be kept from arriving twice at this moment, if its first attempt of unknown outcome began at `doubtAt`.
 * When that seems to be still to come, the clock was set back since, and nobody knows how long ago it was.
 */
export function dedupeOf(
  { dedupe, dedupeForMs = Number.POSITIVE_INFINITY }: ChannelCapabilities,
  doubtAt: number | undefined,
  now: number,
): ChannelCapabilities['dedupe'] {
  if (dedupe !== 'native' || dedupeForMs === Number.POSITIVE_INFINITY || doubtAt === undefined) return dedupe;
  return now < doubtAt || now - doubtAt > dedupeForMs ? 'none' : 'native';
}

/**
 * The rule, in one place. A refusal for good is final. A certain failure is tried again. An uncertain one is resolved in
 * the way the adapter declares: by the platform's own deduplication, by looking, or else by the owner's policy.
 * `attempt` counts from 1, and from there again when a dead letter is replayed.
 */
export function verdictOn(
  error: ChannelError,
  attempt: number,
  dedupe: ChannelCapabilities['dedupe'],
  onUnknown: ChannelOptions['onUnknown'],
  delays: readonly number[] = RETRY_DELAYS_MS,
): Verdict {
  if (error.kind === 'rejected') {
    return { next: 'dead', kind: 'refused', reason: error.message };
  }
  // These say nothing against the message: however often, they do not bring it nearer to the dead letters.
  if (error.kind === 'rate_limited' || error.kind === 'auth') {
    return { next: 'again', inMs: error.retryAfterMs ?? jittered(2 * SECOND), repeats: false };
  }
  const delay = delays[attempt - 1];
  const again = (repeats: boolean): Verdict =>
    delay === undefined
      ? { next: 'dead', kind: 'exhausted', reason: `after ${attempt} attempts: ${error.message}` }
      : { next: 'again', inMs: Math.max(jittered(delay), error.retryAfterMs ?? 0), repeats };
  if (error.certain || dedupe === 'native') return again(false);
  if (dedupe === 'readback') return { next: 'look' };
  if (onUnknown === 'hold') {
    return { next: 'dead', kind: 'held', reason: `it may have arrived: ${error.message}` };
  }
  return again(true);
}
