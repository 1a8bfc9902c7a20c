import { expect, test, vi } from 'vitest';
import { DiskWatch } from '../../src/gateway/disk-watch.ts';
import { EventBus } from '../../src/gateway/index.ts';

const room = vi.hoisted(() => ({ bytes: 1e9 }));
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  statfs: async () => ({ bavail: room.bytes / 4096, bsize: 4096 }),
}));

test('tells once that the disk is nearly full, and once that it is not any more', async () => {
  const events = new EventBus();
  const told: boolean[] = [];
  events.on('disk', ({ low }) => told.push(low));
  const watch = new DiskWatch('/', events);
  for (const bytes of [1e9, 199e6, 10e6, 210e6, 249e6]) {
    room.bytes = bytes;
    await watch.look();
  }
  expect([told, watch.isLow]).toEqual([[true], true]);
  room.bytes = 251e6;
  await watch.look();
  await watch.look();
  expect([told, watch.isLow]).toEqual([[true, false], false]);
});
