import type { ChannelAdapter, RateLimits } from '../contract/index.ts';
import type { ChannelHealthMonitor } from './channel-health-monitor.ts';
import type { ChannelOptions } from './options.ts';
import { ChannelRateLimiter } from './rate-limiter.ts';

/** One configured connection to a platform, with what belongs to it. */
export interface Channel {
  readonly options: ChannelOptions;
  readonly adapter: ChannelAdapter;
  readonly limiter: ChannelRateLimiter;
  readonly health: ChannelHealthMonitor;
  /** No previews before this time (epoch milliseconds), because the platform found them too many. */
  previewsQuietUntil: number;
}

export function limiterOf(options: ChannelOptions): ChannelRateLimiter {
  const limits: RateLimits = { ...options.adapter.capabilities.rateLimits, ...options.rateLimits };
  return new ChannelRateLimiter(limits);
}
