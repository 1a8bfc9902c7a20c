import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StartError } from '../contract/index.ts';

/**
 * Keeps a second process off a data folder. The lock is the operating system's own (held by an open transaction on a
 * file that holds nothing else), so it ends with the process, however that ends, and there is never a stale one.
 * Throws a StartError that names the process which holds it.
 */
export function lockFolder(folder: string): { release(): void } {
  const pidFile = join(folder, 'gateway.pid');
  const lockFile = join(folder, 'gateway.lock');
  const db = new Database(lockFile, { timeout: 0 });
  chmodSync(lockFile, 0o600);
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_BUSY')) throw cause;
    throw new StartError(`the data folder ${folder} is in use by another gateway${holder(pidFile)}`, {
      hint: 'Stop that one first, or give this one a data_dir of its own.',
      cause,
    });
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return { release: () => db.close() };
}

/** Whether a process works with this data folder at the moment. */
export function isLocked(folder: string): boolean {
  if (!existsSync(join(folder, 'gateway.lock'))) return false;
  try {
    lockFolder(folder).release();
    return false;
  } catch (error) {
    if (error instanceof StartError) return true;
    throw error;
  }
}

/** Who works with this data folder, found out by reading alone; the process id is what the lock's holder noted last. */
export function lookAtLock(folder: string): { readonly held: boolean; readonly pid: number | undefined } {
  const lockFile = join(folder, 'gateway.lock');
  const pidFile = join(folder, 'gateway.pid');
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : undefined;
  return { held: existsSync(lockFile) && refusesReaders(lockFile), pid };
}

function refusesReaders(lockFile: string): boolean {
  const db = new Database(lockFile, { readonly: true, timeout: 0 });
  try {
    db.prepare('SELECT 1 FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    db.close();
  }
}

function holder(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
