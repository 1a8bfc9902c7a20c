import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageFault, type Store } from '../store/index.ts';
import type { EventBus } from './events.ts';
import { CONTACTS_KEPT_MS } from './people/link-proposals.ts';
import { sleep } from './timing.ts';

/** How often it looks, and how soon after the start; in milliseconds. */
const EVERY_MS = 60 * 60_000;
const FIRST_MS = 60_000;
/** So few rows at once that no message waits for them, with a pause after each. */
const BATCH = 50;
const PAUSE_MS = 20;

/** How long what is done with is kept, in milliseconds. */
export interface Retention {
  /** Messages with their turns, that is, also what an agent remembers of a conversation. */
  readonly messages: number;
  /** Files that were received or made. */
  readonly files: number;
}

/** Removes what is old and done with, a little at a time, so that nobody waits for it. */
export class Housekeeper {
  readonly #store: Store;
  readonly #events: EventBus;
  readonly #retention: Retention;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(store: Store, events: EventBus, retention: Retention) {
    this.#store = store;
    this.#events = events;
    this.#retention = retention;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Once through everything. */
  async tidy(now = Date.now()): Promise<void> {
    await this.#removeMessages(now - this.#retention.messages);
    await this.#store.write(() => this.#store.contacts.removeOld(now - CONTACTS_KEPT_MS));
    await removeFiles(join(this.#store.folder, 'workspaces'), now - this.#retention.files);
  }

  async #run(): Promise<void> {
    await sleep(FIRST_MS, this.#stopping.signal);
    while (!this.#stopping.signal.aborted) {
      try {
        await this.tidy();
      } catch (error) {
        // That the disk is full is known, and the next round does what this one could not.
        if (!this.#stopping.signal.aborted && !(error instanceof StorageFault))
          this.#events.emit('internal.error', { where: 'housekeeping', error });
      }
      await sleep(EVERY_MS, this.#stopping.signal);
    }
  }

  async #removeMessages(before: number): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const from = after;
      const { looked, last } = await this.#store.write(() =>
        this.#store.housekeeping.removeSome(before, from, BATCH),
      );
      if (looked < BATCH || this.#stopping.signal.aborted) return;
      after = last;
      await sleep(PAUSE_MS, this.#stopping.signal);
    }
  }
}

/** Files that were not changed since; folders stay. A folder that is not there holds none. */
async function removeFiles(folder: string, before: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < before) await rm(path, { force: true });
  }
}
