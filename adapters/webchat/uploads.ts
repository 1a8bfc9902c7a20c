import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ChannelError } from '../../src/contract/index.ts';
import {
  KEEP_SENT_MS,
  KEEP_UNSENT_MS,
  MAX_FILE_BYTES,
  MAX_SENT_FILES,
  MAX_UNSENT_FILES,
} from './capabilities.ts';
import type { FileRefusal } from './protocol.ts';

/**
 * The files that visitors attach, on the disk: `unsent` while they are uploaded, `sent` once a message has named them.
 * Each visitor has a folder in both; ids are UUIDs, so no path is ever made of what somebody called a file.
 */
export interface Uploads {
  /** Writes a piece; a piece that comes twice changes nothing. Resolves with what there is of the file now, or why not. */
  write(visitor: string, id: string, offset: number, piece: Uint8Array): Promise<Written>;
  /** Makes an upload the `n`th file of a message, for good; the same again is the same. Its ref, if it is there whole. */
  claim(
    visitor: string,
    upload: { id: string; bytes: number },
    message: string,
    n: number,
  ): Promise<string | undefined>;
  /** Where the `n`th file of a visitor's message lies. */
  pathOf(visitor: string, message: string, n: number): string;
  read(ref: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Removes what has lain here long enough. */
  sweep(): Promise<void>;
}

export type Written =
  | { readonly status: 200 | 409; readonly bytes: number }
  | { readonly status: 413 | 429; readonly error: FileRefusal };

const REF = /^[\w-]+\/[\w-]+$/;

export function createUploads(root: string): Uploads {
  const unsent = (visitor: string, id = '') => join(root, 'unsent', folderOf(visitor), id);
  const refOf = (visitor: string, message: string, n: number) => `${folderOf(visitor)}/${message}-${n}`;
  const sent = (ref: string) => join(root, 'sent', ref);

  return {
    async write(visitor, id, offset, piece) {
      const path = unsent(visitor, id);
      const before = await sizeOf(path);
      if (offset > (before ?? 0)) return { status: 409, bytes: before ?? 0 };
      const bytes = Math.max(before ?? 0, offset + piece.length);
      if (bytes > MAX_FILE_BYTES) return { status: 413, error: 'too_large' };
      if (before === undefined) {
        const isFull =
          (await namesIn(unsent(visitor))).length >= MAX_UNSENT_FILES ||
          (await namesIn(sent(folderOf(visitor)))).length >= MAX_SENT_FILES;
        if (isFull) return { status: 429, error: 'too_many' };
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      }
      const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
      try {
        await file.write(piece, 0, piece.length, offset);
      } finally {
        await file.close();
      }
      return { status: 200, bytes };
    },

    async claim(visitor, { id, bytes }, message, n) {
      const ref = refOf(visitor, message, n);
      if ((await sizeOf(sent(ref))) === bytes) return ref;
      const upload = unsent(visitor, id);
      if ((await sizeOf(upload)) !== bytes) return undefined;
      await syncToDisk(upload);
      await mkdir(dirname(sent(ref)), { recursive: true, mode: 0o700 });
      await rename(upload, sent(ref));
      return ref;
    },

    pathOf: (visitor, message, n) => sent(refOf(visitor, message, n)),

    async *read(ref, signal) {
      if (!REF.test(ref)) throw new ChannelError('rejected', 'this is no file of a visitor');
      try {
        yield* createReadStream(sent(ref), { signal });
      } catch (error) {
        throw isMissing(error)
          ? new ChannelError('rejected', 'the file is no longer here')
          : ChannelError.from(error);
      }
    },

    async sweep() {
      await removeOlder(join(root, 'unsent'), Date.now() - KEEP_UNSENT_MS);
      await removeOlder(join(root, 'sent'), Date.now() - KEEP_SENT_MS);
    },
  };
}

/** A name that is safe in a path, whatever the server calls its visitors. */
function folderOf(visitor: string): string {
  return createHash('sha256').update(visitor).digest('base64url').slice(0, 22);
}

async function removeOlder(folder: string, before: number): Promise<void> {
  for (const visitor of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, visitor))) {
      const path = join(folder, visitor, name);
      const found = await unlessMissing(stat(path));
      if (found !== undefined && found.mtimeMs < before) await rm(path, { force: true });
    }
  }
}

/** The message that names it must not outlive it when the power fails. */
async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const namesIn = async (folder: string) => (await unlessMissing(readdir(folder))) ?? [];
const sizeOf = async (path: string) => (await unlessMissing(stat(path)))?.size;

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
