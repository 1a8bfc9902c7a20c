import { openLedger } from '../../src/store/index.ts';
import type { Disk } from '../kit/disk.ts';
import type { Moment, Plan } from './plan.ts';
import { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One life of the gateway. When it is over, nothing that it still does has an effect. */
export interface Life {
  readonly number: number;
  alive: boolean;
}

/** Everything around the gateway: it lets things happen, remembers what was seen, and says which promise was broken. */
export class World {
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly folder: string;
  readonly random: Random;
  /** What every clock showed when the run began; only the gateway's is ever wrong. */
  readonly startOfClock: number;
  readonly history: string[] = [];
  readonly problems: string[] = [];
  readonly life: { current: Life } = { current: { number: 0, alive: true } };
  /** No more faults. */
  calm = false;
  disk: Disk | undefined;
  /** What was on its way when the gateway was killed meets its fate. */
  readonly onKill: (() => void)[] = [];
  /** What was handed to turns while they ran, by the turn; of its last run. */
  readonly taken = new Map<string, number[]>();
  /** Outgoing messages that were given up at some time: what was given up and tried again keeps no order. */
  readonly givenUp = new Set<string>();
  /** Those of them that a person had tried again. */
  readonly replayed = new Set<string>();
  readonly #moments = new Map<Moment, number>();
  #order = 0;

  constructor(plan: Plan, time: VirtualTime, folder: string) {
    this.plan = plan;
    this.time = time;
    this.folder = folder;
    this.startOfClock = time.wallClockAt0;
    this.random = new Random(plan.seed ^ 0x5eed);
  }

  /** A number that grows with everything that happens. */
  order(): number {
    this.#order += 1;
    return this.#order;
  }

  note(what: string): void {
    this.history.push(`${(this.time.now / 1000).toFixed(3).padStart(10)} s  ${what}`);
  }

  /** A promise was broken. The first words say which; what follows the colon says by what. */
  broken(promise: string, by: string): void {
    this.note(`BROKEN ${promise}: ${by}`);
    this.problems.push(`${promise}: ${by}`);
  }

  /** A moment of the given kind has come; the plan may want the gateway killed at it. */
  moment(moment: Moment): void {
    if (!this.life.current.alive || this.calm) return;
    const nth = (this.#moments.get(moment) ?? 0) + 1;
    this.#moments.set(moment, nth);
    const isDue = this.plan.faults.some(
      (fault) => fault.kind === 'kill' && fault.when === moment && fault.nth === nth,
    );
    if (isDue) this.kill(`${moment} ${nth}`);
  }

  /** As SIGKILL does: what is on disk stays, and nothing else. */
  kill(why: string): void {
    const life = this.life.current;
    if (!life.alive || life.number === 0) return;
    this.note(`KILL (${why})`);
    this.disk?.photograph();
    life.alive = false;
    for (const cut of this.onKill) cut();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.time.after(ms, resolve));
  }

  /** The ledger as it is on disk. */
  ledger() {
    return openLedger(this.folder);
  }
}

/** What a life that is over waits for. */
export function never(): Promise<never> {
  return new Promise(() => {});
}
