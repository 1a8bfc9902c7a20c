import { expect, test } from 'vitest';
import { oneAtATime } from '../../src/adapter-kit/index.ts';

test('things are done in their order, also after a failure', async () => {
  const inTurn = oneAtATime();
  const first = Promise.withResolvers<void>();
  const done: string[] = [];
  const a = inTurn(async () => {
    await first.promise;
    done.push('a');
    throw new Error('no');
  });
  const b = inTurn(async () => {
    done.push('b');
    return 'b';
  });
  first.resolve();
  await expect(a).rejects.toThrow('no');
  expect(await b).toBe('b');
  expect(done).toEqual(['a', 'b']);
});
