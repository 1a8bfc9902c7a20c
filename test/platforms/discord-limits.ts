import type { Reply } from './fake-http.ts';

/** `shared`: others have used up what this channel bears. */
export interface Limit {
  readonly until: number;
  readonly scope: 'user' | 'global' | 'shared';
}

/** https://discord.com/developers/docs/topics/rate-limits */
export function tooFast(operation: string, { until, scope }: Limit): Reply {
  const seconds = Math.max(0.001, (until - Date.now()) / 1000);
  return {
    status: 429,
    body: {
      message: 'You are being rate limited.',
      retry_after: seconds,
      global: scope === 'global',
    },
    headers: {
      'retry-after': String(seconds),
      'x-ratelimit-scope': scope,
      ...(scope === 'global'
        ? { 'x-ratelimit-global': 'true' }
        : {
            'x-ratelimit-limit': '5',
            'x-ratelimit-remaining': '0',
            'x-ratelimit-reset-after': String(seconds),
            'x-ratelimit-bucket': operation,
          }),
    },
  };
}
