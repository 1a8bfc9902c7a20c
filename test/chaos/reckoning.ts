import type { Books, Entry } from './books.ts';
import type { Crowd } from './crowds/index.ts';
import { numberIn, type Said } from './talk.ts';

/** What became of everything that was said on one platform. */
export interface Reckoning {
  readonly channel: string;
  readonly said: number;
  /** Handed by the platform to a connection that was dying; nobody can ask for it again. */
  readonly beyondReach: number;
  /** Attempts to send of which nobody knows whether they arrived. */
  readonly doubts: number;
  /** Answers that were read again, marked, after a doubt that is on record. */
  readonly repeated: number;
  /** Messages that the platform told after a later one of the same chat. */
  readonly reordered: number;
  readonly wrong: readonly Wrong[];
}

/** What must not be: a message that is not answered, or twice, or out of order. */
export interface Wrong {
  readonly number: number;
  readonly what: string;
}

/** Compares what people said on a platform with what they have read, and with the books. */
export function reckon(
  crowd: Crowd,
  talk: ReadonlyMap<number, Said>,
  books: Pick<Books, 'entries'>,
  beyondReach: ReadonlySet<number>,
): Reckoning {
  const entries = books.entries();
  const all = [...talk].filter(([, said]) => said.crowd === crowd);
  const reached = all.filter(([number]) => !beyondReach.has(number));
  const chats = Map.groupBy(reached, ([, { person }]) => person);
  const found = [...chats].map(([person, said]) =>
    reckonChat(
      said.map(([number]) => number),
      crowd.read(person).filter((text) => numberIn(text) > 0),
      entries,
      crowd,
    ),
  );
  return {
    channel: crowd.name,
    said: all.length,
    beyondReach: all.length - reached.length,
    doubts: sum(reached.map(([number]) => entries.get(number)?.unknown ?? 0)),
    repeated: sum(found.map(({ repeated }) => repeated)),
    reordered: sum(found.map(({ reordered }) => reordered)),
    wrong: found.flatMap(({ wrong }) => wrong),
  };
}

function reckonChat(
  said: readonly number[],
  read: readonly string[],
  entries: ReadonlyMap<number, Entry>,
  { exact, mayReorder }: Crowd,
): { repeated: number; reordered: number; wrong: Wrong[] } {
  const copies = Map.groupBy(read, numberIn);
  const wrong = said.flatMap((number) => {
    const what = miscounted(copies.get(number) ?? [], entries.get(number), exact);
    return what === undefined ? [] : [{ number, what }];
  });
  const answered = [...copies.keys()];
  const place = (number: number) => entries.get(number)?.place ?? 0;
  const came = said.toSorted((a, b) => place(a) - place(b));
  const late = came.filter((number, index) => number < Math.max(...came.slice(0, index)));
  if (!mayReorder) wrong.push(...late.map((number) => ({ number, what: 'came after what was said later' })));
  const early = answered.find((number, index) => number !== came[index]);
  if (early !== undefined && wrong.length === 0)
    wrong.push({ number: early, what: 'was answered too early' });
  const repeated = sum([...copies.values()].map((all) => all.length - 1));
  return { repeated, reordered: late.length, wrong };
}

function miscounted(
  answers: readonly string[],
  entry: Entry | undefined,
  exact: boolean,
): string | undefined {
  if (entry === undefined) return 'is not in the books';
  if (answers.length === 0) return 'was not answered';
  if (answers.length === 1) return undefined;
  if (exact) return `was answered ${answers.length} times, though the platform can tell`;
  if (answers.filter((text) => !text.includes('↻')).length > 1) return 'was answered twice without a mark';
  if (answers.length > 1 + entry.unknown) return 'was answered oftener than there were doubts on record';
  return undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
