import type { Gateway, Snapshot } from '../gateway/index.ts';
import type { Totals } from '../telemetry/totals.ts';
import { packageVersion } from './version.ts';

/** What a running gateway tells of itself. Holds ids, never what people said or are called. */
export interface Report extends Snapshot {
  readonly version: string;
  readonly pid: number;
  /** When the process started; epoch milliseconds. */
  readonly startedAt: number;
  readonly residentBytes: number;
  readonly totals: Totals;
}

export function reportOn(gateway: Gateway, totals: Totals): Report {
  return {
    version: packageVersion(),
    pid: process.pid,
    startedAt: Math.round(performance.timeOrigin),
    residentBytes: process.memoryUsage.rss(),
    totals,
    ...gateway.snapshot(),
  };
}
