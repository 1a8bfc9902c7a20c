import crypto from 'node:crypto';
import fs from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Random } from './random.ts';

/** What the gateway asks of files and of chance, in an order that no thread pool and no entropy decides. */
export function installInstantFiles(random: Random): Disposable {
  const { writeFile, copyFile, rename, stat, open, readdir } = files;
  const { randomInt } = crypto;
  const chance = Math.random;
  Object.assign(files, {
    writeFile: async (...args: Parameters<typeof fs.writeFileSync>) => fs.writeFileSync(...args),
    copyFile: async (from: string, to: string) => fs.copyFileSync(from, to),
    rename: async (from: string, to: string) => fs.renameSync(from, to),
    stat: async (path: string) => fs.statSync(path),
    readdir: async (...args: Parameters<typeof fs.readdirSync>) => fs.readdirSync(...args),
    open: async (path: string) => openNow(path),
  });
  crypto.randomInt = ((below: number) => random.between(0, below - 1)) as typeof randomInt;
  Math.random = random.next;
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      Object.assign(files, { writeFile, copyFile, rename, stat, open, readdir });
      crypto.randomInt = randomInt;
      Math.random = chance;
      syncBuiltinESMExports();
    },
  };
}

function openNow(path: string) {
  const descriptor = fs.openSync(path, 'r');
  return {
    read: async (buffer: Buffer, offset: number, length: number, position: number) => ({
      bytesRead: fs.readSync(descriptor, buffer, offset, length, position),
      buffer,
    }),
    close: async () => fs.closeSync(descriptor),
  };
}
