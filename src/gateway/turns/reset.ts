import type { ResetOptions } from '../options.ts';

/** Whether a conversation that was silent since `last` begins anew at `now`; both in epoch milliseconds. */
export function beginsAnew(
  last: number,
  now: number,
  { idle = Number.POSITIVE_INFINITY, daily }: ResetOptions,
): boolean {
  return now - last >= idle || (daily !== undefined && last < latest(daily, now));
}

/** When it was last this time of day, by the clock on the wall. */
function latest(minutes: number, now: number): number {
  const at = new Date(now);
  at.setHours(0, minutes, 0, 0);
  if (at.getTime() > now) at.setDate(at.getDate() - 1);
  return at.getTime();
}
