import { isDeepStrictEqual } from 'node:util';
import type { ChannelAdapter, RateLimits } from '../../contract/index.ts';
import type { ChannelOptions } from '../options.ts';
import type { ChannelHealthMonitor } from './channel-health-monitor.ts';
import { ChannelRateLimiter } from './rate-limiter.ts';

/**
 * One configured connection to a platform, with what belongs to it. It stays the same object for as long as the process lives,
 * also while the owner changes it or takes it away; so hold on to it, and not to what is in it.
 */
export interface Channel {
  options: ChannelOptions;
  readonly adapter: ChannelAdapter;
  limiter: ChannelRateLimiter;
  readonly health: ChannelHealthMonitor;
  /** No previews before this time (epoch milliseconds), because the platform found them too many. */
  previewsQuietUntil: number;
}

export function limiterOf(options: ChannelOptions): ChannelRateLimiter {
  return new ChannelRateLimiter(limitsOf(options));
}

/** The channel goes by these options from now on. What was spent of a limit that stays the same remains spent. */
export function adjust(channel: Channel, options: ChannelOptions): void {
  const isSamePace = isDeepStrictEqual(limitsOf(options), limitsOf(channel.options));
  channel.options = options;
  if (!isSamePace) channel.limiter = limiterOf(options);
}

function limitsOf({ adapter, rateLimits }: ChannelOptions): RateLimits {
  return { ...adapter.capabilities.rateLimits, ...rateLimits };
}
