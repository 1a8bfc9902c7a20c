import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For what needs no disk: many databases at once are quick there, whatever else the disk has to do. */
export const inMemory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An empty folder that is gone when the test is over: `using folder = emptyFolder()`. */
export function emptyFolder(parent = tmpdir()): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(parent, 'openclaw-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
