import { describe, expect, it } from 'vitest';
import { Bed, type Fault } from './bed.ts';
import { faultsHere } from './faults-here.ts';
import { faultsThere } from './faults-there.ts';

it('finds nothing where all is well', async () => {
  await using bed = await Bed.make();
  expect(await bed.complaints()).toEqual([]);
});

describe.each([
  ['here', faultsHere],
  ['there', faultsThere],
])('faults %s', (_, faults: readonly Fault[]) => {
  it.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s: found, and cured',
    async (_name, fault) => {
      await using bed = await Bed.make();
      await fault.plant(bed);
      const { check, level, what, cure } = fault.found;
      const before = await bed.complaints();
      expect(before).toEqual([
        expect.objectContaining({
          check,
          level,
          what: expect.stringMatching(what),
          cure: expect.stringMatching(cure),
        }),
      ]);
      if (fault.cure === 'fix') await before[0]?.fix?.();
      else await fault.cure(bed);
      expect(await bed.complaints()).toEqual([]);
    },
  );
});
