import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/*
 * signal-cli hands over each event once. What was taken from it and could not be stored before a stop waits in this file
 * for the next start.
 */
const fileIn = (folder: string) => join(folder, 'unstored.jsonl');

export function keepUnstored(folder: string, events: readonly string[]): void {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  appendFileSync(fileIn(folder), lines, { mode: 0o600, flush: true });
}

export function readUnstored(folder: string): string[] {
  let text: string;
  try {
    text = readFileSync(fileIn(folder), 'utf8');
  } catch {
    return []; // there is none, as nearly always
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [String(JSON.parse(line))];
    } catch {
      return []; // the end, or what a power cut left of a line
    }
  });
}

export function forgetUnstored(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}
