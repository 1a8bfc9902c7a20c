import { expect, test } from 'vitest';
import type { Crowd } from './crowds/index.ts';
import { reckon } from './reckoning.ts';

const MARK = '↻ sent again after an interruption';

/** One person says three messages, which came in this order, and reads this. */
function wrong(read: readonly string[], { exact = false, unknown = 0, came = [1, 2, 3] } = {}): string[] {
  const crowd: Crowd = {
    name: 'test',
    options: '',
    exact,
    say() {},
    read: () => read,
    async [Symbol.asyncDispose]() {},
  };
  const said = [1, 2, 3].map(
    (number) => [number, { text: `message ${number}`, crowd, person: 0, at: 0 }] as const,
  );
  const entries = new Map(came.map((number, place) => [number, { place, state: 'answered', unknown }]));
  const found = reckon(crowd, new Map(said), { entries: () => entries }, new Set());
  return found.wrong.map(({ number, what }) => `${number} ${what}`);
}

const answers = ['message 1', 'message 2', 'message 3'];

test('what is as promised is not wrong', () => {
  expect(wrong(answers)).toEqual([]);
  expect(wrong(['message 1', `${MARK} message 1`, 'message 2', 'message 3'], { unknown: 1 })).toEqual([]);
});

test.each([
  ['lost', wrong(['message 1', 'message 3']), '2 was not answered'],
  ['not stored', wrong(answers, { came: [1, 3] }), '2 is not in the books'],
  [
    'doubled',
    wrong(['message 1', 'message 1', 'message 2', 'message 3'], { unknown: 1 }),
    '1 was answered twice without a mark',
  ],
  [
    'doubled though the platform can tell',
    wrong([`${MARK} message 1`, ...answers], { exact: true, unknown: 1 }),
    '1 was answered 2 times, though the platform can tell',
  ],
  [
    'doubled, marked, and not on record',
    wrong(['message 1', `${MARK} message 1`, 'message 2', 'message 3']),
    '1 was answered oftener than there were doubts on record',
  ],
  ['answered out of order', wrong(['message 2', 'message 1', 'message 3']), '2 was answered too early'],
  ['stored out of order', wrong(answers, { came: [2, 1, 3] }), '1 came after what was said later'],
])('the reckoning finds what is %s', (_, found, expected) => {
  expect(found[0]).toBe(expected);
});
