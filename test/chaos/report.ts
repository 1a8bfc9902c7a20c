import { planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

/** Plays the plan of a seed. `undefined` if every promise held, or what to tell a person: how to see it again, and how it came. */
export async function reportOn(seed: number): Promise<string | undefined> {
  const { problems } = await simulate(planOf(seed));
  if (problems.length === 0) return undefined;
  const { plan, outcome } = await shrink(planOf(seed));
  return [
    `seed ${seed} breaks a promise: ${problems[0]}`,
    `to repeat it: npm run chaos -- --seed ${seed}`,
    `the shortest plan that breaks it: ${JSON.stringify(plan)}`,
    ...outcome.history,
    ...outcome.problems,
  ].join('\n');
}
