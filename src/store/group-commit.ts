import type { Database } from 'better-sqlite3';
import { isStorageFault, StorageFault } from './errors.ts';

/** Above this, a transaction holds up the event loop for longer than the fsync it saves (measured: about 5 ms). */
const LARGEST_GROUP = 256;

interface Write {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts all writes of one turn of the event loop, whoever asks for them, into one transaction: one fsync serves them all.
 * A write's promise settles only after the commit.
 *
 * A write is a function that runs statements and returns a value. It may run twice (alone, when its group failed), so it
 * must have no effect but on the database.
 */
export class GroupCommit {
  readonly #db: Database;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  #waiting: Write[] = [];
  #scheduled = false;
  /** Hears of every fault of the medium, and (with `undefined`) of every commit after one. */
  onFault: (fault: StorageFault | undefined) => void = () => {};
  #faulty = false;

  constructor(db: Database) {
    this.#db = db;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
  }

  /** Rejects with a StorageFault if the medium failed, with what `work` threw if that failed; nothing is kept then. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Resolves when everything that was handed in so far is settled. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0) this.#commitGroup();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Not a microtask: those would run before other callbacks of this turn could add their writes.
    setImmediate(() => {
      this.#scheduled = false;
      this.#commitGroup();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #commitGroup(): void {
    const group =
      this.#waiting.length <= LARGEST_GROUP
        ? this.#waiting.splice(0)
        : this.#waiting.splice(0, LARGEST_GROUP);
    if (group.length === 0) return;
    const results: unknown[] = new Array(group.length);
    try {
      this.#begin.run();
      for (let i = 0; i < group.length; i++) results[i] = (group[i] as Write).work();
      this.#commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      this.#failed(group, error);
      return;
    }
    if (this.#faulty) this.#report(undefined);
    for (let i = 0; i < group.length; i++) (group[i] as Write).resolve(results[i]);
  }

  #failed(group: readonly Write[], error: unknown): void {
    if (isStorageFault(error)) {
      const fault = new StorageFault(error);
      this.#report(fault);
      for (const write of group) write.reject(fault);
      return;
    }
    // One of them is bad: each alone, so that its neighbours do not pay for it.
    if (group.length === 1) {
      (group[0] as Write).reject(error);
      return;
    }
    for (const write of group) this.#alone(write);
  }

  #alone(write: Write): void {
    try {
      this.#begin.run();
      const result = write.work();
      this.#commit.run();
      write.resolve(result);
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      this.#failed([write], error);
    }
  }

  #report(fault: StorageFault | undefined): void {
    this.#faulty = fault !== undefined;
    this.onFault(fault);
  }
}
