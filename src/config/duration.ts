import { z } from 'zod';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The longest wait of a Node timer (2³¹ − 1 ms), in whole days. */
const LONGEST_TIMER = 24;

/** A length of time as people write it; in milliseconds once parsed. */
export const duration = upTo(LONGEST_TIMER, ['30s', '10m', '1h']);

/** One that no timer waits for. */
export const longDuration = upTo(3650, ['30d', '90d']);

function upTo(days: number, examples: string[]) {
  const words = `must be a duration such as 500ms, 30s, 10m, 1h or 1d (or a number of seconds), above 0 and up to ${days}d`;
  return z
    .union([z.number(), z.string()])
    .transform((written, context) => {
      const ms = typeof written === 'number' ? written * UNITS.s : fromText(written);
      if (ms > 0 && ms <= days * UNITS.d) return ms;
      context.addIssue({ code: 'custom', message: words });
      return z.NEVER;
    })
    .meta({ examples });
}

function fromText(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)?$/.exec(text);
  if (match === null) return Number.NaN;
  return Number(match[1]) * UNITS[(match[2] ?? 's') as keyof typeof UNITS];
}
