import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, inMemory } from '../kit/folder.ts';
import { type Course, type Fault, OneLife, type Platform, type Step } from './one-life.ts';

/** Lives that go on side by side: most of a life is the waiting before something is tried again. */
const AT_ONCE = 40;
/** What each start does; once is enough to see what comes of a fault in it. */
const OF_THE_START = /^(PRAGMA|CREATE|ALTER|BEGIN EXCLUSIVE|BEGIN$|SELECT max)/;
/** Up to here all platforms are alike, and one of them is enough. */
const SEND = /^send$/;

/** What goes wrong first, at the first step of that name; then something else goes wrong at each later step. */
interface FirstFault {
  readonly at: RegExp;
  readonly fault: Fault;
}

const lostAnswer: FirstFault = { at: SEND, fault: 'answer lost' };
const killedWhileSending: FirstFault = { at: SEND, fault: 'kill after' };
const killedInTurn: FirstFault = { at: /^SELECT history/, fault: 'kill before' };

test.concurrent.each<[what: string, Platform, FirstFault?]>([
  ['nothing', 'native'],
  ['nothing', 'readback'],
  ['nothing', 'none'],
  ['nothing', 'none, hold'],
  ['a lost answer', 'native', lostAnswer],
  ['a lost answer', 'readback', lostAnswer],
  ['a lost answer', 'none', lostAnswer],
  ['a kill while the agent is at it', 'native', killedInTurn],
  ['a kill while it sends', 'native', killedWhileSending],
  ['a kill while it sends', 'readback', killedWhileSending],
  ['a kill while it sends', 'none', killedWhileSending],
  ['a kill while it sends', 'none, hold', killedWhileSending],
])(
  'a fault at every step after %s, dedupe %s: the message ends, and the books balance',
  {
    timeout: 120_000,
  },
  async (_, platform, first) => {
    using folder = emptyFolder(inMemory);
    const calm = await live(folder.path, platform, new Map());
    expect(calm.seen.map(({ body }) => body.text)).toEqual(['re: first', 're: second']);
    const isFirst = first === undefined && platform === 'native';
    const from = first?.at ?? SEND;
    const begin = isFirst ? 0 : calm.steps.findIndex(({ name }) => from.test(name));
    const before = new Map(first === undefined ? [] : [[begin, first.fault]]);
    const { steps } = first === undefined ? calm : await live(folder.path, platform, before);
    const plans = steps.flatMap((step, number) =>
      number < begin || before.has(number) || (!isFirst && OF_THE_START.test(step.name))
        ? []
        : faultsOf(step).map((fault) => ({ number, step, fault })),
    );
    expect(plans.length).toBeGreaterThan(5);
    const wrong: string[] = [];
    await inParallel(plans, async ({ number, step, fault }) => {
      try {
        check(await live(folder.path, platform, new Map([...before, [number, fault]])), platform);
      } catch (error) {
        wrong.push(`${fault} at step ${number} (${step.name}): ${error}`);
      }
    });
    expect(wrong).toEqual([]);
  },
);

/** What can go wrong there. That a process is killed after a statement is the same as before the next step. */
function faultsOf({ name, isCall }: Step): readonly Fault[] {
  if (isCall) return ['refused', 'lost', 'answer lost', 'kill before', 'kill after'];
  return /^(INSERT|UPDATE|COMMIT)/.test(name) ? ['error', 'full', 'kill before'] : ['error', 'kill before'];
}

function check({ audit, seen }: Course, platform: Platform): void {
  expect(audit.contradictions).toEqual([]);
  expect(audit.in).toEqual({ answered: 2 });
  const { sent = 0, dead = 0, ...open } = audit.out;
  expect(open).toEqual({});
  expect(sent + dead).toBe(2);
  if (platform !== 'none, hold') expect(dead, 'given up').toBe(0);
  const texts = seen.map(({ body }) => body.text);
  expect(new Set(texts).size + dead, 'neither seen nor given up').toBeGreaterThanOrEqual(2);
  const unmarked = seen.filter(({ possiblyRepeated }) => platform !== 'none' || !possiblyRepeated);
  expect(new Set(unmarked.map(({ body }) => body.text)).size, 'seen twice').toBe(unmarked.length);
  expect(texts.indexOf('re: second'), 'out of order').toBeGreaterThanOrEqual(texts.lastIndexOf('re: first'));
}

let lives = 0;

function live(parent: string, platform: Platform, faults: ReadonlyMap<number, Fault>): Promise<Course> {
  lives += 1;
  const folder = join(parent, String(lives));
  mkdirSync(folder);
  return new OneLife({ folder, platform, faults }).run();
}

async function inParallel<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const one of queue) await work(one);
    }),
  );
}
