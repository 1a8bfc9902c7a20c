import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  write,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface LogFileOptions {
  /** Absolute. */
  readonly path: string;
  /** When it has become as large as this, a new one is begun. */
  readonly maxBytes: number;
}

/** Earlier files that are kept, `<path>.1` being the latest of them. */
const KEPT = 5;
/** What may wait for a disk that is slow; in characters. What is beyond it is lost. */
const LONGEST_QUEUE = 8_000_000;

/** A log's files, the oldest first, whether they are there or not. */
export function logFiles(path: string): string[] {
  return [...Array(KEPT).keys()].map((index) => `${path}.${KEPT - index}`).concat(path);
}

/**
 * Writes lines to a file that only its owner may read, and that does not grow for ever. Nobody waits for it: the thread pool
 * writes, many lines at once under load. (pino's own writer does the same, but ends no process whose disk is full.)
 */
export class LogFile {
  readonly #options: LogFileOptions;
  readonly #onTrouble: (error: unknown) => void;
  #fd: number | undefined;
  #size = 0;
  #queue = '';
  #writing = false;
  #troubled = false;

  /** `onTrouble` hears of the first of the lines that are lost. */
  constructor(options: LogFileOptions, onTrouble: (error: unknown) => void) {
    this.#options = options;
    this.#onTrouble = onTrouble;
    process.once('exit', () => this.#writeRest());
  }

  write(line: string): void {
    if (this.#queue.length < LONGEST_QUEUE) this.#queue += line;
    if (!this.#writing) this.#writeQueue();
  }

  #writeQueue(): void {
    const lines = this.#queue;
    this.#queue = '';
    try {
      this.#fd ??= this.#open();
      this.#writing = true;
      write(this.#fd, lines, (error, bytes) => {
        this.#writing = false;
        if (error === null) this.#wrote(bytes);
        else this.#lost(error);
        if (this.#queue !== '') this.#writeQueue();
      });
    } catch (error) {
      this.#lost(error);
    }
  }

  #wrote(bytes: number): void {
    this.#troubled = false;
    this.#size += bytes;
    if (this.#size < this.#options.maxBytes) return;
    try {
      this.#close();
      const files = logFiles(this.#options.path);
      for (const [index, file] of files.entries()) {
        if (index > 0 && existsSync(file)) renameSync(file, files[index - 1] as string);
      }
    } catch (error) {
      this.#lost(error);
    }
  }

  #open(): number {
    const { path } = this.#options;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(path, 'a', 0o600);
    fchmodSync(fd, 0o600); // it may have been there before
    this.#size = fstatSync(fd).size;
    return fd;
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #lost(error: unknown): void {
    const known = this.#troubled;
    this.#troubled = true;
    // The word of it comes back here as one more line.
    if (!known) this.#onTrouble(error);
  }

  #writeRest(): void {
    try {
      if (this.#queue !== '') writeSync(this.#fd ?? this.#open(), this.#queue);
    } catch {
      // Nobody can be told any more.
    }
  }
}
