import { afterEach, expect, test, vi } from 'vitest';
import { persistently } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';

const log = { debug() {}, info() {}, warn: vi.fn() };
const lost = new ChannelError('network', 'lost');
afterEach(() => log.warn.mockReset());

test('it is tried again until it is done', async () => {
  const { signal } = new AbortController();
  const attempt = vi.fn(async () => 'done').mockRejectedValueOnce(lost);
  expect(await persistently(attempt, 'trouble', { log, signal })).toBe('done');
  expect(log.warn.mock.calls).toEqual([['trouble; trying again', { reason: 'lost' }]]);
});

test('but not what is refused for good', async () => {
  const { signal } = new AbortController();
  const refusal = new ChannelError('rejected', 'no');
  const attempt = () => Promise.reject(refusal);
  await expect(persistently(attempt, 'trouble', { log, signal })).rejects.toBe(refusal);
  expect(log.warn).not.toHaveBeenCalled();
});

test('and no longer than a signal allows', async () => {
  const over = new AbortController();
  log.warn.mockImplementation(() => over.abort());
  const trying = persistently(() => Promise.reject(lost), 'trouble', { log, signal: over.signal });
  await expect(trying).rejects.toMatchObject({ name: 'AbortError' });
  expect(log.warn).toHaveBeenCalledTimes(1);
});
