import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { requestBody } from '../../../adapters/signal/request-body.ts';
import { emptyFolder } from '../../kit/folder.ts';

const OPEN_FILES = '/proc/self/fd';

it.runIf(existsSync(OPEN_FILES))('closes its file when the request is given up', async () => {
  using folder = emptyFolder();
  const path = join(folder.path, 'large.bin');
  writeFileSync(path, Buffer.alloc(1_000_000));
  const file = { kind: 'file', path, name: 'large.bin', mime: 'application/zip', bytes: 1_000_000 } as const;
  const giveUp = new AbortController();
  const body = await requestBody('send', {}, [file], giveUp.signal);
  if (typeof body === 'string') expect.fail('it has the file in memory');
  const pieces = body[Symbol.asyncIterator]();
  for (const _ of ['the request', 'the name', 'the first piece']) await pieces.next();
  expect(isOpen(path)).toBe(true);
  giveUp.abort();
  await vi.waitFor(() => expect(isOpen(path)).toBe(false));
});

function isOpen(path: string): boolean {
  return readdirSync(OPEN_FILES).some((descriptor) => {
    try {
      return readlinkSync(join(OPEN_FILES, descriptor)) === path;
    } catch {
      return false; // closed since it was listed
    }
  });
}
