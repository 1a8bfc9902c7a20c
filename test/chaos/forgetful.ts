import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../kit/debian.ts';
import { emptyFolder, inMemory } from '../kit/folder.ts';

const SOURCE = join(import.meta.dirname, 'forgetful.c');
/** What a disk writes whole or not at all, in bytes. */
const SECTOR = 512;

/** The library that makes a disk forgetful, compiled; or why there is none. On a CI machine it must be there. */
export function compileForgetful(): { library: string; [Symbol.dispose](): void } | { missing: string } {
  if (process.platform !== 'linux')
    return { missing: 'only Linux lets a library stand before the C library' };
  if (!canCompile()) {
    const trouble = installPackages('gcc', 'libc6-dev');
    const missing = `no C compiler: install gcc and libc6-dev${trouble}`;
    if (!canCompile()) {
      if (process.env.CI) throw new Error(missing);
      return { missing };
    }
  }
  const folder = emptyFolder();
  const library = join(folder.path, 'forgetful.so');
  execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', library, SOURCE]);
  return { library, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

function canCompile(): boolean {
  try {
    execFileSync('gcc', ['-E', SOURCE], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The disk under one folder, which forgets what was not synced when the power goes. */
export class ForgetfulDisk {
  readonly folder: string;
  readonly #library: string;
  readonly #shadow: ReturnType<typeof emptyFolder>;

  constructor(folder: string, library: string) {
    this.folder = folder;
    this.#library = library;
    this.#shadow = emptyFolder(inMemory);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#clearShadow();
  }

  /** The environment of a process that works on it. */
  get env(): Record<string, string> {
    return { LD_PRELOAD: this.#library, FORGETFUL_FOLDER: this.folder, FORGETFUL_SHADOW: this.#shadow.path };
  }

  /**
   * The power goes; the process must be dead. Of what was written and not synced, nothing is left, or (with `chance`) some
   * sectors are, in no order.
   */
  losePower(chance?: () => number): void {
    const names = join(this.#shadow.path, 'names');
    const left = new Map<string, Buffer>(
      readdirSync(names).map((name) => [name, readFileSync(join(names, name))]),
    );
    if (chance !== undefined) {
      for (const [name, durable] of left) left.set(name, torn(durable, this.#written(name), chance));
    }
    for (const { name } of this.#files()) rmSync(join(this.folder, name));
    for (const [name, content] of left) writeFileSync(join(this.folder, name), content, { mode: 0o600 });
    this.#clearShadow();
  }

  [Symbol.dispose](): void {
    this.#shadow[Symbol.dispose]();
  }

  #files() {
    return readdirSync(this.folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  }

  #written(name: string): Buffer {
    const isThere = this.#files().some((file) => file.name === name);
    return isThere && !name.endsWith('-shm') ? readFileSync(join(this.folder, name)) : Buffer.alloc(0);
  }

  #clearShadow(): void {
    for (const part of ['content', 'names']) {
      rmSync(join(this.#shadow.path, part), { recursive: true, force: true });
      mkdirSync(join(this.#shadow.path, part));
    }
  }
}

/** What is durable, with some of the sectors that were written since. */
function torn(durable: Buffer, written: Buffer, chance: () => number): Buffer {
  const left = Buffer.alloc(Math.max(durable.length, written.length));
  durable.copy(left);
  let end = durable.length;
  for (let at = 0; at < written.length; at += SECTOR) {
    if (chance() < 0.5) continue;
    written.copy(left, at, at, at + SECTOR);
    end = Math.max(end, Math.min(at + SECTOR, written.length));
  }
  return left.subarray(0, end);
}
