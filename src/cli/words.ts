import { escapeControls } from '../telemetry/escape.ts';

/** A moment as people on this machine write it, to the second. */
export function moment(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}

/** What somebody wrote, on one line, harmless to a terminal, and not too long. */
export function shortened(text: string, length = 100): string {
  const oneLine = escapeControls(text.replaceAll(/\s+/g, ' ').trim());
  return oneLine.length <= length ? oneLine : `${oneLine.slice(0, length - 1).toWellFormed()}…`;
}

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
