import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Daemon, PROGRAM } from '../blackbox/daemon.ts';
import { chanceOf } from '../kit/chance.ts';
import { Books } from './books.ts';
import type { Crowd } from './crowds/index.ts';
import { type Reckoning, reckon } from './reckoning.ts';
import { numberIn, Talk } from './talk.ts';

export interface Campaign {
  /** What is left to chance comes from it. */
  readonly seed: number;
  readonly kills: number;
  /** How much is said at least. */
  readonly messages: number;
  /** How often somebody says something, in milliseconds. */
  readonly everyMs: number;
  /** Epoch milliseconds: nobody is killed later than this, however few kills there were. */
  readonly until?: number;
  readonly tell?: (progress: string) => void;
}

/** A life is short (killed while it starts), or ends soon after it is ready, or after every channel is connected. */
const SHORT = 0.2;
const READY = 0.6;
const SHORTEST_MS = 800;
const LONGEST_MS = 400;
/** How long nothing of what is left to do may get done, in the end. */
const PATIENCE_MS = 150_000;

/**
 * The daemon as it is shipped, on all these platforms at once, with people who write all the time; it is killed at random
 * moments. In the end everything is answered, and what people have read is compared with what they said.
 */
export async function runCampaign(
  crowds: readonly Crowd[],
  campaign: Campaign,
): Promise<{ kills: number; reckonings: Reckoning[] }> {
  const { seed, kills, messages, everyMs, until = Number.POSITIVE_INFINITY, tell = () => {} } = campaign;
  const chance = chanceOf(seed);
  const talk = new Talk(crowds, chanceOf(seed + 1));
  const beyondReach = new Set<number>();
  await using daemon = await Daemon.start(configOf(crowds), {
    env: Object.assign({}, ...crowds.map(({ env }) => env)) as Record<string, string>,
    async prepare(folder) {
      for (const crowd of crowds) {
        const own = join(folder, 'data', 'channels', crowd.name);
        mkdirSync(own, { recursive: true });
        await crowd.prepare?.(own);
      }
    },
  });
  const books = new Books(daemon.folder);
  let killed = 0;
  let life = { from: 0, ready: Promise.resolve() };
  open();
  await connected();
  // Some platforms keep no record that tells of a chat in which nothing was ever said before.
  talk.all();
  await done();

  talk.begin(everyMs);
  try {
    while (killed < kills && Date.now() < until) {
      await untilItsHour();
      if (daemon.exitCode !== null) throw new Error(`the daemon ended by itself:\n${tail()}`);
      await daemon.kill('SIGKILL');
      killed += 1;
      for (const crowd of crowds) await missed(crowd);
      balance(`after kill ${killed}`);
      restart();
      if (killed % 25 === 0) tell(`${killed} kills, ${talk.said.size} messages, ${books.state().open} open`);
    }
    while (talk.said.size < messages && Date.now() < until) await sleep(everyMs);
  } finally {
    talk.end();
  }
  await life.ready;
  await done();
  balance('in the end');
  const reckonings = crowds.map((crowd) => reckon(crowd, talk.said, books, beyondReach));
  const wrong = reckonings.flatMap((reckoning) => reckoning.wrong);
  for (const { number, what } of wrong.slice(0, 5)) tell(`message ${number} ${what}\n${storyOf(number)}`);
  await daemon.kill('SIGTERM');
  if (daemon.exitCode !== 0) throw new Error(`the daemon ended with ${daemon.exitCode}:\n${tail()}`);
  return { kills: killed, reckonings };

  function restart(): void {
    const from = daemon.lines.length;
    const ready = daemon.boot().then(open, (error) => {
      if (daemon.exitCode !== null) throw error; // and not because we have killed it
    });
    ready.catch(() => {});
    life = { from, ready };
  }

  function open(): void {
    for (const crowd of crowds) crowd.open?.(daemon.url);
  }

  async function connected(): Promise<void> {
    for (const { name } of crowds) {
      await daemon.until(({ msg }) => msg === `${name} is connected`, `${name} is connected`, life.from);
    }
  }

  async function untilItsHour(): Promise<void> {
    const kind = chance();
    const moment = chance();
    if (kind < SHORT) return void (await sleep(moment * SHORTEST_MS));
    await life.ready;
    if (kind > READY) await connected();
    balance('after a restart');
    await sleep(moment * LONGEST_MS);
  }

  async function missed(crowd: Crowd): Promise<void> {
    const handedOver = await crowd.handedOver?.();
    if (handedOver === undefined) return;
    const isStored = books.holds(crowd.name);
    for (const text of handedOver) if (!isStored(text)) beyondReach.add(numberIn(text));
  }

  function balance(when: string): void {
    const contradictions = books.contradictions();
    if (contradictions.length > 0) {
      throw new Error(`seed ${seed}: the books do not balance ${when}:\n${contradictions.join('\n')}`);
    }
  }

  /** Resolves when all that was said is in the books, and nothing is left to do. */
  async function done(): Promise<void> {
    let last = '';
    for (let since = Date.now(); ; await sleep(50)) {
      const state = books.state();
      if (state.open === 0 && state.came >= talk.said.size - beyondReach.size) return;
      const now = JSON.stringify(state);
      if (now !== last) since = Date.now();
      if (Date.now() - since > PATIENCE_MS) {
        throw new Error(
          `seed ${seed}: ${talk.said.size} said, ${beyondReach.size} beyond reach, but ${now}\n${missing()}\n${tail()}`,
        );
      }
      last = now;
    }
  }

  /** What was said and is not in the books. */
  function missing(): string {
    const entries = books.entries();
    return [...talk.said]
      .filter(([number]) => !entries.has(number) && !beyondReach.has(number))
      .map(
        ([number, { crowd, person }]) =>
          `message ${number} of person ${person} on ${crowd.name} did not come`,
      )
      .join('\n');
  }

  function tail(): string {
    return [...daemon.output, ...daemon.lines.slice(-30).map((line) => JSON.stringify(line))].join('\n');
  }

  /** The whole way of a message, as the owner would ask for it. */
  function storyOf(number: number): string {
    const { crowd, person, at } = talk.said.get(number) ?? {};
    const entry = books.entries().get(number);
    const said = `said by person ${person} on ${crowd?.name} at ${new Date(at ?? 0).toISOString()}`;
    if (entry === undefined) return said;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [PROGRAM, 'why', entry.place.toString(36), '--config', daemon.configFile],
      { encoding: 'utf8', env: { PATH: process.env.PATH } },
    );
    return `${said}\n${stdout}${stderr}`;
  }
}

/**
 * What is not tried here: the pace; the guard against loops, which so much talk looks like; and the one against a message
 * that kills the gateway, which every message looks like that is under way at several kills.
 */
function configOf(crowds: readonly Crowd[]): string {
  const pace = ['channel', 'direct', 'group'].map((of) => `${of}: { burst: 1000, per_second: 1000 }`);
  const shared = `dm_policy: open, loop_limit: 1000000, rate_limits: { ${pace.join(', ')} }`;
  const lines = crowds.map(
    ({ name, options }) => `  ${name}: { ${[options, shared].filter(Boolean).join(', ')} }\n`,
  );
  return `reconnect: { base: 50ms, cap: 500ms }
turns: { max_attempts: 1000 }
agents: { default: { type: echo, delay_ms: 10 } }
channels:
${lines.join('')}`;
}
