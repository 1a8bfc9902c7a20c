import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const FILES = ['gateway.db', 'gateway.db-wal'];

/**
 * The disk under a gateway's data folder: it can be full for a while, and it can be photographed at any moment, so that
 * what a SIGKILL would have left then is what the next process finds. Sees every transaction by its BEGIN and COMMIT.
 */
export class Disk {
  readonly #folder: string;
  readonly #onCommit: (side: 'before' | 'after') => void;
  readonly #open = new Set<Database.Database>();
  /** Which statement fails at the moment, as on a full disk. */
  full: 'BEGIN IMMEDIATE' | 'COMMIT' | undefined;

  constructor(folder: string, onCommit: (side: 'before' | 'after') => void) {
    this.#folder = folder;
    this.#onCommit = onCommit;
  }

  /** Keeps what is on disk now. */
  photograph(): void {
    mkdirSync(this.#picture(''), { recursive: true });
    for (const file of FILES) {
      if (existsSync(join(this.#folder, file))) copyFileSync(join(this.#folder, file), this.#picture(file));
      else rmSync(this.#picture(file), { force: true });
    }
  }

  /** Ends what a killed gateway holds, and puts back what was on disk when it was killed. */
  restore(): void {
    this.letGo();
    for (const file of [...FILES, 'gateway.db-shm']) {
      rmSync(join(this.#folder, file), { force: true });
      if (existsSync(this.#picture(file))) copyFileSync(this.#picture(file), join(this.#folder, file));
    }
  }

  letGo(): void {
    for (const db of this.#open) db.close();
    this.#open.clear();
  }

  install(): Disposable {
    const { prepare, exec } = Database.prototype;
    const disk = this;
    Database.prototype.prepare = function (this: Database.Database, sql: string) {
      if (this.name.startsWith(disk.#folder) && !this.readonly) disk.#open.add(this);
      const statement = prepare.call(this, sql);
      if (sql === 'BEGIN IMMEDIATE' || sql === 'COMMIT') disk.#watch(statement, sql);
      return statement;
    } as typeof prepare;
    Database.prototype.exec = function (this: Database.Database, sql: string) {
      if (this.name.startsWith(disk.#folder)) disk.#open.add(this);
      return exec.call(this, sql);
    };
    return {
      [Symbol.dispose]() {
        disk.letGo();
        Object.assign(Database.prototype, { prepare, exec });
      },
    };
  }

  #watch(statement: Database.Statement, sql: 'BEGIN IMMEDIATE' | 'COMMIT'): void {
    const run = statement.run.bind(statement);
    statement.run = () => {
      if (this.full === sql)
        throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      if (sql !== 'COMMIT') return run();
      this.#onCommit('before');
      const result = run();
      this.#onCommit('after');
      return result;
    };
  }

  #picture(file: string): string {
    return join(this.#folder, 'when-killed', file);
  }
}
