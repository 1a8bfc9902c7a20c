import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StartError } from '../contract/index.ts';
import { openForReading } from './database.ts';
import { lockFolder } from './lock.ts';

/** What belongs to a process and not to the data. */
const PASSING = /^(gateway\.(lock|pid)|control\.sock)|-(wal|shm|journal)$/;
const IS_DATABASE = /\.(db|sqlite)$/;

/**
 * Copies a data folder into a new folder, also while a gateway works with it: each database as it is at one moment, and the
 * files beside it. Throws a StartError when `target` is there already.
 */
export function backUp(folder: string, target: string): void {
  if (existsSync(target)) {
    throw new StartError(`${target} is there already`, { hint: 'Name a folder that is not.', exitCode: 1 });
  }
  openForReading(folder).close(); // says in words what is wrong with the source
  copyFolder(folder, target);
}

/**
 * Puts a backup in the place of a data folder, which no gateway may use meanwhile. What was there is kept beside it.
 * Returns where; throws a StartError.
 */
export function restore(source: string, folder: string, now: Date): string | undefined {
  openForReading(source).close();
  let kept: string | undefined;
  if (existsSync(folder)) {
    lockFolder(folder).release();
    kept = `${folder}.before-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
    renameSync(folder, kept);
  }
  copyFolder(source, folder);
  return kept;
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (PASSING.test(entry.name)) continue;
    if (entry.isDirectory()) copyFolder(source, target);
    else if (entry.isFile() && IS_DATABASE.test(entry.name)) copyDatabase(source, target);
    else if (entry.isFile()) cpSync(source, target, { preserveTimestamps: true });
  }
}

/** A plain copy of a database that is being written to would be torn. */
function copyDatabase(source: string, target: string): void {
  const db = new Database(source, { readonly: true });
  try {
    db.prepare('VACUUM INTO ?').run(target);
    chmodSync(target, 0o600);
  } finally {
    db.close();
  }
}
