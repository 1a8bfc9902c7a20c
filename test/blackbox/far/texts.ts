import { randomBytes } from 'node:crypto';
import type { Far, Told } from './far.ts';

/** A picture whose bytes nobody could guess. */
export function aPicture(): Buffer {
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  return Buffer.concat([Buffer.from(png, 'base64'), randomBytes(5_000)]);
}

const MARK = /^\W*↻.*\n+/;

/** What was told once, marked repetitions left out. */
export function once(told: readonly Told[]): Told[] {
  const known: Told[] = [];
  for (const one of told) {
    const text = one.text.replace(MARK, '');
    if (text === one.text || !known.some((before) => before.text === text)) known.push({ ...one, text });
  }
  return known;
}

/** More than fits into one message, unless that is more than a person can say. */
export function longText({ textLimit }: Far): { words: string[]; text: string } {
  const words = Array.from({ length: Math.min(3_300, textLimit / 4) }, (_, n) => `word${n}`);
  return { words, text: words.join(' ') };
}
