import type { Finding } from '../contract/index.ts';
import { choiceOf, type Interviewing } from './answers.ts';

/** What to do about credentials that did not do. */
export type Verdict = 'fine' | 'again' | 'keep' | 'without';

/** Says what was found; where something does not work, a person decides what becomes of it. */
export async function judge(
  it: Interviewing,
  name: string,
  findings: readonly Finding[] | undefined,
): Promise<Verdict> {
  for (const { level, what, cure } of findings ?? []) {
    it.asker.say(`  ${level}: ${what}${cure === undefined ? '' : `\n    → ${cure}`}`);
  }
  const problem = findings?.find(({ level }) => level === 'problem');
  if (problem === undefined) return 'fine';
  // Refused where nobody can decide.
  if (!it.isPerson) it.asker.refuse(name, `${problem.what}. ${problem.cure ?? ''}`.trim());
  return (await choiceOf(it, {
    key: `${name}.problem`,
    words: `What now? Try ${name} again, keep it as it is, or do without it?`,
    choices: ['again', 'keep', 'without'],
    fallback: 'again',
  })) as Verdict;
}
