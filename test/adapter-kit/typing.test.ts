import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showUntil } from '../../src/adapter-kit/index.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('at once, and again until it is over', () => {
  const over = new AbortController();
  const show = vi.fn(async () => {});
  showUntil(over.signal, 1000, show);
  expect(show).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(2500);
  expect(show).toHaveBeenCalledTimes(3);
  over.abort();
  vi.advanceTimersByTime(5000);
  expect(show).toHaveBeenCalledTimes(3);
  expect(vi.getTimerCount()).toBe(0);
});

test('never, when it is over already', () => {
  const show = vi.fn(async () => {});
  showUntil(AbortSignal.abort(), 1000, show);
  expect(show).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('also after it has failed', async () => {
  const over = new AbortController();
  const show = vi.fn(() => Promise.reject(new Error('no')));
  showUntil(over.signal, 1000, show);
  await vi.advanceTimersByTimeAsync(1000);
  expect(show).toHaveBeenCalledTimes(2);
  over.abort();
});
