import type { ZodType } from 'zod';
import { interpolate, mistakesIn } from '../config/index.ts';
import type { Asker, Question } from './asker.ts';
import { isReference, type Values } from './plan.ts';
import type { Settings } from './settings.ts';

/** What all steps of the interview work with. */
export interface Interviewing {
  readonly asker: Asker;
  /** Somebody sits there, and can decide. */
  readonly isPerson: boolean;
  /** Each is used up by its question; what is left over belongs to none. */
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the configuration will be. */
  readonly folder: string;
}

/** An answer that `wrong` finds nothing wrong with; until then it is asked again. */
export async function answerTo(
  { asker, settings }: Interviewing,
  question: Question,
  wrong: (answer: string) => string | undefined | Promise<string | undefined> = () => undefined,
): Promise<string> {
  let given = settings.get(question.key);
  settings.delete(question.key);
  for (;;) {
    const answer = given ?? (await asker.ask(question));
    given = undefined;
    const reason = await wrong(answer);
    if (reason === undefined) return answer;
    asker.refuse(question.key, reason);
  }
}

/** One of several. */
export async function choiceOf(
  it: Interviewing,
  question: Question & { readonly choices: readonly string[] },
): Promise<string> {
  const { choices } = question;
  const answer = await answerTo(it, question, (text) =>
    named(text, choices) === undefined ? `it must be one of ${choices.join(', ')}, or its number` : undefined,
  );
  return named(answer, choices) ?? answer;
}

/** What is meant by a name or a number. */
export function named(text: string, names: readonly string[]): string | undefined {
  return names.find((name) => name === text.toLowerCase()) ?? names[Number(text) - 1];
}

/** What values mean: variables filled in, and numbers and switches as such where the schema wants them. */
export function meaningOf(
  schema: ZodType,
  values: Readonly<Record<string, string>>,
  { env, folder }: Pick<Interviewing, 'env' | 'folder'>,
): { readonly meaning: Record<string, unknown>; readonly problem: string | undefined } {
  const meaning: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const { text, problems: found } = interpolate(value, { env, folder });
    problems.push(...found.map((problem) => `${key}: ${problem}`));
    meaning[key] = text;
  }
  for (const { path } of mistakesIn(schema, meaning)) {
    const [key] = path;
    if (typeof key === 'string') meaning[key] = plain(meaning[key]);
  }
  return { meaning, problem: problems[0] };
}

/** As they are to be written: what is no text to the schema, as what it is. */
export function typed(
  values: Readonly<Record<string, string>>,
  meaning: Readonly<Record<string, unknown>>,
): Values {
  const entries = Object.entries(values).map(([key, value]) => {
    const isText = typeof meaning[key] === 'string' || isReference(value);
    return [key, isText ? value : plain(value)];
  });
  return Object.fromEntries(entries) as Values;
}

/** What YAML takes it for when it is written without quotes. */
function plain(value: unknown): unknown {
  return typeof value === 'string' && /^(?:\d+(?:\.\d+)?|true|false)$/.test(value)
    ? (JSON.parse(value) as unknown)
    : value;
}
