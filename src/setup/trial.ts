import { isSecret } from '../config/index.ts';
import type { Finding } from '../contract/index.ts';
import { escapeControls } from '../telemetry/escape.ts';
import { createRedactor } from '../telemetry/redact.ts';
import { choiceOf, type Interviewing } from './answers.ts';

/** What to do about credentials that did not do. */
export type Verdict = 'fine' | 'again' | 'keep' | 'without';

/** What was tried out, what it is called, and what came of it. */
export interface Trial {
  readonly name: string;
  readonly tried: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[] | undefined;
}

/** Says what was found; where something does not work, a person decides what becomes of it. */
export async function judge(it: Interviewing, { name, tried, findings = [] }: Trial): Promise<Verdict> {
  const secrets = Object.entries(tried).flatMap(([key, value]) =>
    isSecret([key]) && typeof value === 'string' ? [value] : [],
  );
  const redact = createRedactor(secrets);
  // Some of it are words from far away.
  const clean = (text: string) => escapeControls(redact(text));
  for (const { level, what, cure } of findings) {
    it.asker.say(`  ${level}: ${clean(what)}${cure === undefined ? '' : `\n    → ${clean(cure)}`}`);
  }
  const problem = findings.find(({ level }) => level === 'problem');
  if (problem === undefined) return 'fine';
  // Refused where nobody can decide.
  if (!it.isPerson) it.asker.refuse(name, clean(`${problem.what}. ${problem.cure ?? ''}`.trim()));
  return (await choiceOf(it, {
    key: `${name}.problem`,
    words: `What now? Try ${name} again, keep it as it is, or do without it?`,
    choices: ['again', 'keep', 'without'],
    fallback: 'again',
  })) as Verdict;
}
