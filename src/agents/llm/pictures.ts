import { readFile } from 'node:fs/promises';
import type { InboundMessage } from '../../contract/index.ts';

/** A picture for a model to look at. */
export interface Picture {
  readonly mime: string;
  readonly content: Uint8Array;
}

/** What every provider that sees takes. */
const SEEN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** The strictest provider takes 5 MB a picture, as base64: https://docs.claude.com/en/docs/build-with-claude/vision */
const MAX_BYTES = 3_750_000;
const MOST = 10;

/** The pictures that came with messages and that models can look at; the others are only mentioned. */
export async function picturesOf(messages: readonly InboundMessage[]): Promise<Picture[]> {
  const stored = messages
    .flatMap(({ attachments = [] }) => attachments)
    .flatMap(({ stored: file }) => (file === undefined ? [] : [file]))
    .filter(({ mime, bytes }) => SEEN.has(mime) && bytes <= MAX_BYTES)
    .slice(0, MOST);
  return Promise.all(stored.map(async ({ path, mime }) => ({ mime, content: await readFile(path) })));
}
