export { moment, shortened } from '../explain/index.ts';

/** How long something takes or is ago, as people say it: one number and a unit. */
export function span(ms: number): string {
  const [unit, size] = UNITS.find(([, least]) => ms >= least) ?? ['ms', 1];
  const value = Math.max(0, ms) / size;
  return `${value < 10 && size > 1 ? value.toFixed(1) : Math.floor(value)} ${unit}`;
}

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];
