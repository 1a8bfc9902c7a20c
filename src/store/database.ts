import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { errorText, StartError } from '../contract/index.ts';
import { isStorageFault, StorageFault } from './errors.ts';
import { lockFolder } from './lock.ts';
import { migrations } from './migrations/index.ts';

export const FILE = 'gateway.db';

export interface OpenDatabase {
  readonly db: Database.Database;
  close(): void;
}

/**
 * Opens (and on the first start makes) the database of a data folder, for this process alone, at the newest version.
 * Throws a StartError when a person must act (in use, made by a newer program, no permission), and a StorageFault when
 * the disk is full or broken, which may pass.
 */
export function openDatabase(folder: string): OpenDatabase {
  makeFolder(folder);
  let lock: { release(): void } | undefined;
  let db: Database.Database | undefined;
  try {
    lock = lockFolder(folder);
    const file = join(folder, FILE);
    db = new Database(file);
    chmodSync(file, 0o600);
    configure(db);
    migrate(db, file);
  } catch (error) {
    db?.close();
    lock?.release();
    throw explained(error, folder);
  }
  const opened = db;
  const held = lock;
  return {
    db: opened,
    close() {
      try {
        opened.pragma('wal_checkpoint(TRUNCATE)');
      } catch (error) {
        // Nothing is lost by that: what is in the journal is durable, and the next start reads it.
        if (!isStorageFault(error)) throw error;
      }
      opened.close();
      held.release();
    },
  };
}

/** The database of a data folder, to be looked at, also while a gateway works with it. Throws a StartError. */
export function openForReading(folder: string): Database.Database {
  const file = join(folder, FILE);
  if (!existsSync(file)) {
    throw new StartError(`there is no database in ${folder}`, {
      hint: 'The gateway makes it when it first starts. Is --config the file that it runs with?',
      exitCode: 1,
    });
  }
  try {
    const db = new Database(file, { readonly: true });
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version !== migrations.length) {
      throw new StartError(
        `the database ${file} has version ${version}, and this program reads ${migrations.length}`,
        {
          hint: 'Use the same version as the gateway, and start that once.',
          exitCode: 1,
        },
      );
    }
    return db;
  } catch (error) {
    throw explained(error, folder);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StartError(`the data folder ${folder} cannot be made: ${errorText(cause)}`, {
      hint: 'Set data_dir to a folder that this user may write to.',
      cause,
    });
  }
}

function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  // The driver's own default under WAL is NORMAL, which loses the last commits when the power goes.
  db.pragma('synchronous = FULL');
  db.pragma('temp_store = MEMORY');
  // Pages; four times the default, since under load most pages of a checkpoint are written again at once.
  db.pragma('wal_autocheckpoint = 4000');
  db.pragma('cache_size = -8000');
  if (
    db.pragma('journal_mode', { simple: true }) !== 'wal' ||
    db.pragma('synchronous', { simple: true }) !== 2
  ) {
    throw new StartError('the database cannot be switched to write-ahead logging with full sync', {
      hint: 'Put data_dir on a local file system; network file systems cannot keep the promise that nothing is lost.',
    });
  }
}

function migrate(db: Database.Database, file: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length && oldestReader(db) > migrations.length) {
    throw new StartError(
      `the database ${file} has version ${version}, and this program knows versions up to ${migrations.length}`,
      {
        hint: 'It was written by a newer openclaw-gateway: start that one, or restore a backup made by this one.',
      },
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** The oldest version whose program may still open this database; migrations only add, so most of them may. */
export function oldestReader(db: Database.Database): number {
  const told = db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'compatibility'`).get() !== undefined;
  return told
    ? (db.prepare('SELECT oldest FROM compatibility').pluck().get() as number)
    : Number.POSITIVE_INFINITY;
}

function explained(error: unknown, folder: string): unknown {
  if (error instanceof StartError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new StartError(`the database in ${folder} is damaged: ${errorText(error)}`, {
      hint: 'Move the folder aside and restore a backup.',
      cause: error,
    });
  }
  if (code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY' || code === 'EACCES') {
    return new StartError(`the data folder ${folder} cannot be written: ${errorText(error)}`, {
      hint: 'Give this user the right to write there, or set another data_dir.',
      cause: error,
    });
  }
  return isStorageFault(error) || code === 'ENOSPC' ? new StorageFault(error) : error;
}
