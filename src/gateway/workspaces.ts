import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { SessionId } from '../contract/index.ts';

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

/** What somebody called a file, as a name that is harmless anywhere: no path, no control or direction mark, no leading dot. */
export function safeName(name: string | undefined, extension: string): string {
  const base = basename((name ?? '').normalize('NFC').replaceAll('\\', '/'));
  const stem = base
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, LONGEST_STEM)
    .toWellFormed();
  return `${stem || 'file'}.${extension}`;
}
