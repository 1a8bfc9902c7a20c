import type { Plan } from './plan.ts';
import { type Outcome, simulate } from './simulation.ts';

/** Plans that are tried at most. */
const TRIALS = 400;

/** The promise that is broken, without the particulars. */
const promiseOf = (problem: string | undefined): string | undefined => problem?.split(':')[0];

/** A smaller plan that breaks the same promise: faults and messages are left out, halves first, as long as it does. */
export async function shrink(plan: Plan): Promise<{ plan: Plan; outcome: Outcome }> {
  let smallest = { plan, outcome: await simulate(plan) };
  const broken = promiseOf(smallest.outcome.problems[0]);
  let trials = 0;

  async function tryWith(smaller: Plan): Promise<boolean> {
    trials += 1;
    const outcome = await simulate(smaller);
    if (promiseOf(outcome.problems[0]) !== broken) return false;
    smallest = { plan: smaller, outcome };
    return true;
  }

  async function thin(part: 'faults' | 'messages'): Promise<boolean> {
    let thinner = false;
    for (let size = smallest.plan[part].length; size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; at < smallest.plan[part].length && trials < TRIALS; ) {
        const less = { ...smallest.plan, [part]: smallest.plan[part].toSpliced(at, size) };
        if (await tryWith(less)) thinner = true;
        else at += size;
      }
    }
    return thinner;
  }

  while (((await thin('messages')) || (await thin('faults'))) && trials < TRIALS);
  return smallest;
}
