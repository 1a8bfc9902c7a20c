import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { errorText } from '../contract/index.ts';
import { FILE, oldestReader } from './database.ts';
import { migrations } from './migrations/index.ts';

/** What can be said of a database without changing it. */
export interface DatabaseState {
  readonly version: number;
  /** The newest version that this program knows. */
  readonly known: number;
  /** This program may work with it: at its version, or after bringing it there. */
  readonly usable: boolean;
  /** What SQLite finds broken; empty when all is well. */
  readonly damage: readonly string[];
  /** How large the journal is that its last changes are in. */
  readonly journalBytes: number;
}

/** So many broken places are told. */
const MOST_DAMAGE = 5;

/** Looks at the database of a data folder, also beside a gateway; `undefined` when there is none. Reads all of it. */
export function examineDatabase(folder: string): DatabaseState | undefined {
  const file = join(folder, FILE);
  if (!existsSync(file)) return undefined;
  const known = migrations.length;
  const journalBytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true });
    const version = db.pragma('user_version', { simple: true }) as number;
    const usable = version <= known || oldestReader(db) <= known;
    const rows = db.pragma(`quick_check(${MOST_DAMAGE})`) as { quick_check: string }[];
    const damage = rows.map((row) => row.quick_check).filter((text) => text !== 'ok');
    return { version, known, usable, damage, journalBytes };
  } catch (error) {
    if (!(error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code))) throw error;
    return { version: 0, known, usable: false, damage: [errorText(error)], journalBytes };
  } finally {
    db?.close();
  }
}

/** Brings the journal into the database and makes it empty. Does nothing lasting where somebody still reads from it. */
export function emptyJournal(folder: string): void {
  const db = new Database(join(folder, FILE), { fileMustExist: true });
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}
