import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/** Stands in front of a statement: runs it or not, and returns or throws what it likes. */
export type Watcher = (sql: string, database: Database.Database, run: () => unknown) => unknown;

const watchers = new Map<string, Watcher>();

/** From now on `watcher` stands in front of every statement on the databases in this folder. */
export function watchStatements(folder: string, watcher: Watcher): void {
  watchers.set(folder, watcher);
}

export function unwatchStatements(folder: string): void {
  watchers.delete(folder);
}

/** As the driver reports what the disk did. */
export const diskError = (code: 'SQLITE_IOERR' | 'SQLITE_FULL') =>
  new Database.SqliteError('the test broke the disk', code);

type Method = (this: Database.Statement, ...parameters: unknown[]) => unknown;

const statement = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as Record<
  string,
  Method
>;
for (const name of ['run', 'get', 'all']) {
  const real = statement[name] as Method;
  statement[name] = function watched(...parameters) {
    const watcher = watchers.get(dirname(this.database.name));
    const run = () => real.apply(this, parameters);
    return watcher === undefined ? run() : watcher(this.source, this.database, run);
  };
}

const { exec } = Database.prototype;
Database.prototype.exec = function watched(sql) {
  const watcher = watchers.get(dirname(this.name));
  if (watcher !== undefined) watcher(sql, this, () => exec.call(this, sql));
  else exec.call(this, sql);
  return this;
};
