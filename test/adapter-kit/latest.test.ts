import { expect, test } from 'vitest';
import { createLatest } from '../../src/adapter-kit/index.ts';

test('the latest things are remembered, and the oldest forgotten', () => {
  const latest = createLatest<number>(2);
  latest.set('a', 1);
  latest.set('b', 2);
  latest.set('a', 3);
  latest.set('c', 4);
  expect([latest.get('a'), latest.get('b'), latest.get('c')]).toEqual([3, undefined, 4]);
  latest.delete('a');
  expect([latest.has('a'), latest.has('c')]).toEqual([false, true]);
});

test('what is not remembered can be made', () => {
  const latest = createLatest<object>(1);
  const made = latest.getOr('a', () => ({}));
  expect(latest.getOr('a', () => ({}))).toBe(made);
  latest.set('b', {});
  expect(latest.getOr('a', () => ({}))).not.toBe(made);
});
