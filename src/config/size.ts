import { z } from 'zod';

const UNITS = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 } as const;
const LARGEST = 4 * UNITS.GB;

const WORDS = 'must be a size such as 500kB, 20MB or 1GB, above 0 and up to 4GB';

/** An amount of data as people write it; in bytes once parsed. */
export const size = z
  .union([z.number(), z.string()])
  .transform((written, context) => {
    const bytes = typeof written === 'number' ? written : fromText(written);
    if (bytes >= 1 && bytes <= LARGEST) return Math.floor(bytes);
    context.addIssue({ code: 'custom', message: WORDS });
    return z.NEVER;
  })
  .meta({ examples: ['500kB', '20MB'] });

function fromText(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(B|kB|MB|GB)$/.exec(text);
  if (match === null) return Number.NaN;
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}
