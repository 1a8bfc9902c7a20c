import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { SessionId } from '../../contract/index.ts';
import { type FileKind, kindOf } from './file-kind.ts';

/** The longest stem of a file's name, in UTF-16 units; file systems take 255 bytes in all. */
const LONGEST_STEM = 60;

/** The folders in which sessions keep files: `<data>/workspaces/<session>`, with what was received in `in`, what was made in `out`. */
export class Workspaces {
  readonly #root: string;

  constructor(dataDir: string) {
    this.#root = join(dataDir, 'workspaces');
  }

  /** The session's own folder, made when it is not there. */
  folderOf(session: SessionId): string {
    const folder = join(this.#root, session);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** The folder for files of one direction. */
  shelfOf(session: SessionId, direction: 'in' | 'out'): string {
    const folder = join(this.folderOf(session), direction);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** Whether a path, links resolved, is a file within the session's folder. */
  holds(session: SessionId, path: string): boolean {
    return existsSync(path) && realpathSync(path).startsWith(realpathSync(this.folderOf(session)) + sep);
  }
}

/** A file that has found its place. */
export interface Shelved extends FileKind {
  readonly path: string;
  /** Safe, and with the extension of what it is. */
  readonly name: string;
}

/** Gives a file that is complete its name for good, on the shelf that it lies on: `<key>-<name>`, by what it is. */
export async function shelve(part: string, key: string, name: string | undefined): Promise<Shelved> {
  const kind = await kindOf(part, name);
  const safe = safeName(name, kind.extension);
  const path = join(dirname(part), `${key}-${safe}`);
  await rename(part, path);
  return { ...kind, path, name: safe };
}

/** What somebody called a file, as a name that is harmless anywhere: no path, no control or direction mark, no leading dot. */
function safeName(name: string | undefined, extension: string): string {
  const base = basename((name ?? '').normalize('NFC').replaceAll('\\', '/'));
  const stem = base
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, LONGEST_STEM)
    .toWellFormed();
  return `${stem || 'file'}.${extension}`;
}
