import type { AgentId } from '../../contract/index.ts';
import type { EventBus } from '../events.ts';
import { Fifo } from '../fifo.ts';
import { backoff, sleep } from '../timing.ts';

/** An agent that failed so often in a row, whatever the session, rests: it is not the messages. */
const FAILURES = 10;
const REST = { base: 2_000, cap: 60_000 };

interface Rest<T> {
  failures: number;
  /** The next one to ask may do so, to find out whether the agent is back. */
  probing: boolean;
  /** Reported since the last of these. */
  told: boolean;
  readonly aside: Fifo<T>;
}

/**
 * Spares an agent that cannot answer anybody (its model is down): while it rests, what would ask it waits aside, without
 * being tried and failing one by one. After a pause one is let through; when that is answered, so are all.
 */
export class AgentRests<T> {
  readonly #rests = new Map<AgentId, Rest<T>>();
  readonly #events: EventBus;
  readonly #stopping: AbortSignal;
  /** Hands back what may be tried again. */
  readonly #release: (items: readonly T[]) => void;

  constructor(parts: { events: EventBus; stopping: AbortSignal; release: (items: readonly T[]) => void }) {
    this.#events = parts.events;
    this.#stopping = parts.stopping;
    this.#release = parts.release;
  }

  isResting(agent: AgentId): boolean {
    return (this.#rests.get(agent)?.failures ?? 0) >= FAILURES;
  }

  /** Those that rest at the moment. */
  all(): AgentId[] {
    return [...this.#rests.keys()].filter((agent) => this.isResting(agent));
  }

  /** Whether this one may ask the agent now; otherwise it waits aside. */
  admit(agent: AgentId, item: T): boolean {
    const rest = this.#rests.get(agent);
    if (rest === undefined || rest.failures < FAILURES) return true;
    if (rest.probing) {
      rest.probing = false;
      return true;
    }
    rest.aside.push(item);
    return false;
  }

  /** It answered, or refused for a reason of this one message. */
  answered(agent: AgentId): void {
    const rest = this.#rests.get(agent);
    if (rest === undefined) return;
    this.#rests.delete(agent);
    if (rest.failures >= FAILURES) this.#events.emit('agent.recovered', { agent });
    this.#release(rest.aside.takeAll());
  }

  /** It was let through, and did not ask after all: another one may. */
  unasked(agent: AgentId): void {
    const rest = this.#rests.get(agent);
    if (rest !== undefined && rest.failures >= FAILURES) this.#probe(rest);
  }

  /** It is another one by now, with nothing against it. */
  forgive(agent: AgentId): void {
    const rest = this.#rests.get(agent);
    this.#rests.delete(agent);
    if (rest !== undefined) this.#release(rest.aside.takeAll());
  }

  /** It could not answer at this time. */
  failed(agent: AgentId): void {
    const rest = this.#rests.get(agent) ?? { failures: 0, probing: false, told: false, aside: new Fifo<T>() };
    this.#rests.set(agent, rest);
    rest.failures += 1;
    if (rest.failures >= FAILURES) void this.#pause(agent, rest);
  }

  async #pause(agent: AgentId, rest: Rest<T>): Promise<void> {
    const failures = rest.failures;
    const inMs = backoff(failures - FAILURES + 1, REST);
    if (!rest.told) this.#events.emit('agent.resting', { agent, failures, inMs });
    rest.told = true;
    await sleep(inMs, this.#stopping);
    // Those that were under way when it began to rest may have failed since: the last of them counts.
    if (this.#stopping.aborted || this.#rests.get(agent) !== rest || rest.failures !== failures) return;
    rest.told = false;
    this.#probe(rest);
  }

  #probe(rest: Rest<T>): void {
    rest.probing = true;
    const probe = rest.aside.shift();
    if (probe !== undefined) this.#release([probe]);
  }
}
