import { expect, test } from 'vitest';
import { senderId } from '../../../src/contract/index.ts';
import { openBench } from './harness.ts';

const ALICE = senderId('ou_alice');
const soon = () => AbortSignal.timeout(20_000);

test('tells the address of who works there', async () => {
  await using bench = await openBench();
  await bench.start();
  bench.fake.world.colleagues.set(ALICE, { email: 'alice@example.org', active: true });
  expect(await bench.adapter.contactOf?.(ALICE, soon())).toEqual({ email: 'alice@example.org' });
});

test.each([
  ['has none, or the app may not see it', { active: true }],
  ['has never used the app, or works there no more', { active: false, email: 'alice@example.org' }],
])('tells no address of who %s', async (_, known) => {
  await using bench = await openBench();
  await bench.start();
  bench.fake.world.colleagues.set(ALICE, known);
  expect(await bench.adapter.contactOf?.(ALICE, soon())).toEqual({});
});

test('says what to do about people whom the app may not see', async () => {
  await using bench = await openBench();
  await bench.start();
  await expect(bench.adapter.contactOf?.(ALICE, soon())).rejects.toMatchObject({
    kind: 'rejected',
    hint: expect.stringContaining('Data permissions'),
  });
});
