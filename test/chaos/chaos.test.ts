import { expect, test } from 'vitest';
import { ONCE_BROKEN } from './once-broken.ts';
import { planOf } from './plan.ts';
import { reportOn } from './report.ts';
import { simulate } from './simulation.ts';

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

test('every promise holds, whatever happens and whenever the process is killed', async () => {
  for (const seed of SEEDS) expect(await reportOn(seed)).toBeUndefined();
}, 120_000);

test.each(Object.entries(ONCE_BROKEN))('mended: %s', async (_, plan) => {
  expect((await simulate(plan)).problems).toEqual([]);
});

test('a seed determines everything', async () => {
  for (const seed of [3, 16, 47]) {
    const once = await simulate(planOf(seed));
    expect(once.history.length).toBeGreaterThan(20);
    expect((await simulate(planOf(seed))).history).toEqual(once.history);
  }
});
