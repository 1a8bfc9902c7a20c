import { expect, test } from 'vitest';
import { unlessRejected, unseen } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';

const trouble = new ChannelError('unavailable', 'trouble', { retryAfterMs: 5, hint: 'wait' });
const refusal = new ChannelError('rejected', 'no');

test('what fails before anybody could see anything was certainly not sent', async () => {
  await expect(unseen(Promise.reject(trouble))).rejects.toMatchObject({
    name: 'ChannelError',
    kind: 'unavailable',
    message: 'trouble',
    certain: true,
    retryAfterMs: 5,
    hint: 'wait',
  });
  await expect(unseen(Promise.reject(refusal))).rejects.toBe(refusal);
  expect(await unseen(Promise.resolve(1))).toBe(1);
});

test('what is rejected is as good as not there, and nothing else is', async () => {
  const told: unknown[] = [];
  expect(await unlessRejected(Promise.reject(refusal), (error) => told.push(error))).toBeUndefined();
  expect(told).toEqual([refusal]);
  await expect(unlessRejected(Promise.reject(trouble))).rejects.toBe(trouble);
  expect(await unlessRejected(Promise.resolve(1))).toBe(1);
});
