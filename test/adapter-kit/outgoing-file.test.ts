import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blobOf } from '../../src/adapter-kit/index.ts';
import { emptyFolder } from '../kit/folder.ts';

test('a file to send, with its type', async () => {
  using folder = emptyFolder();
  const path = join(folder.path, 'a');
  const file = { kind: 'file', path, name: 'a.txt', mime: 'text/plain', bytes: 5 } as const;
  writeFileSync(path, 'hello');
  const blob = await blobOf(file);
  expect([blob.type, await blob.text()]).toEqual(['text/plain', 'hello']);
  await expect(blobOf({ ...file, path: join(folder.path, 'b') })).rejects.toMatchObject({
    name: 'ChannelError',
    kind: 'rejected',
    certain: true,
    message: 'the file a.txt cannot be read',
  });
});
