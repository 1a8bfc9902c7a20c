import { expect, test } from 'vitest';
import { unlessAborted, within } from '../../src/adapter-kit/index.ts';

const NEVER = new Promise<never>(() => {});

test('a signal aborts, or the time is up', async () => {
  const over = new AbortController();
  const signal = within(60_000, over.signal);
  expect(signal.aborted).toBe(false);
  over.abort();
  expect(signal.aborted).toBe(true);
  const short = within(1, new AbortController().signal);
  if (!short.aborted) await new Promise((resolve) => short.addEventListener('abort', resolve));
  expect(short.reason).toMatchObject({ name: 'TimeoutError' });
});

test('nobody waits for longer than a signal allows', async () => {
  const over = new AbortController();
  expect(await unlessAborted(Promise.resolve(1), over.signal)).toBe(1);
  await expect(unlessAborted(Promise.reject(new Error('no')), over.signal)).rejects.toThrow('no');
  const waiting = unlessAborted(NEVER, over.signal, () => new Error('given up'));
  over.abort(new Error('stopping'));
  await expect(waiting).rejects.toThrow('given up');
  await expect(unlessAborted(NEVER, over.signal)).rejects.toThrow('stopping');
  // What fails when nobody waits any more is nobody's trouble.
  await expect(unlessAborted(Promise.reject(new Error('late')), over.signal)).rejects.toThrow('stopping');
});
