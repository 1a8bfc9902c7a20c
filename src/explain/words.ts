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
