import { expect, test } from 'vitest';
import { parseJson } from '../../src/adapter-kit/index.ts';

test('JSON, or nothing', () => {
  expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
  expect(parseJson('null')).toBeNull();
  for (const text of ['', '{', 'undefined']) expect(parseJson(text)).toBeUndefined();
});
