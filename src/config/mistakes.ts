import type { ZodType } from 'zod';
import { check } from './check.ts';
import type { Path } from './problems.ts';
import { Tree } from './tree.ts';

/** What is wrong with values that are not in a file yet, in the words that the configuration has for it. */
export function mistakesIn(
  schema: ZodType,
  value: Readonly<Record<string, unknown>>,
): { readonly path: Path; readonly message: string }[] {
  const mistakes: { path: Path; message: string }[] = [];
  check(new Tree(), { schema, value, at: [] }, (path, message) => mistakes.push({ path, message }));
  return mistakes;
}
