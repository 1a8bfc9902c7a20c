import { statfs } from 'node:fs/promises';
import type { EventBus } from './events.ts';

const EVERY_MS = 10_000;
/** With less room than this, in bytes, the disk is nearly full; with a quarter more, it is not any more. */
export const LOW_BYTES = 200_000_000;

/**
 * Watches how much room the data folder has. While it is nearly full, messages are still taken and answered (they need
 * little, and are what the room is kept for), but no files are fetched. A disk that is full is found by the store itself.
 */
export class DiskWatch {
  readonly #folder: string;
  readonly #events: EventBus;
  #timer: NodeJS.Timeout | undefined;
  #low = false;

  constructor(folder: string, events: EventBus) {
    this.#folder = folder;
    this.#events = events;
  }

  get isLow(): boolean {
    return this.#low;
  }

  start(): void {
    void this.look();
    this.#timer = setInterval(() => void this.look(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#folder);
      this.#judge(bavail * bsize);
    } catch {
      // A file system that does not tell is none that can be watched.
    }
  }

  #judge(freeBytes: number): void {
    const low = freeBytes < (this.#low ? LOW_BYTES * 1.25 : LOW_BYTES);
    if (low === this.#low) return;
    this.#low = low;
    this.#events.emit('disk', { low, freeBytes });
  }
}
