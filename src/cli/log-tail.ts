import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFiles } from '../telemetry/log-file.ts';

type Take = (line: string) => void;

const LOOK_EVERY_MS = 250;
const CHUNK_BYTES = 64 * 1024;

/** Hands over all lines of a log, those of its earlier files first; `follow` those that are written from then on, for ever. */
export function readLog(path: string, take: Take): { follow(take: Take): Promise<never> } {
  let tail: Tail | undefined;
  for (const file of logFiles(path)) {
    if (!existsSync(file)) continue;
    tail?.close();
    tail = new Tail(file);
    tail.read(take);
  }
  return { follow: (takeNew) => follow(path, tail, takeNew) };
}

async function follow(path: string, last: Tail | undefined, take: Take): Promise<never> {
  let tail = last;
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    tail?.read(take);
    if (!existsSync(path) || tail?.isAt(path)) continue;
    tail?.read(take); // what came before a new file was begun
    tail?.close();
    tail = new Tail(path);
    tail.read(take);
  }
}

/** One file that grows. It is read by its descriptor, so that another name does not end it. */
class Tail {
  readonly #fd: number;
  readonly #inode: number;
  #offset = 0;
  /** A line that is not whole yet. */
  #rest = Buffer.alloc(0);

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    this.#inode = fstatSync(this.#fd).ino;
  }

  read(take: Take): void {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const bytes = readSync(this.#fd, chunk, 0, chunk.length, this.#offset);
      if (bytes === 0) return;
      this.#offset += bytes;
      this.#rest = Buffer.concat([this.#rest, chunk.subarray(0, bytes)]);
      const end = this.#rest.lastIndexOf('\n') + 1;
      const lines = this.#rest.toString('utf8', 0, end).split('\n');
      for (const line of lines) if (line !== '') take(line);
      this.#rest = this.#rest.subarray(end);
    }
  }

  isAt(path: string): boolean {
    return existsSync(path) && statSync(path).ino === this.#inode;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
