import { LRUCache } from 'lru-cache';
import type { Agent, AgentId, AgentRuntime, HistoryEntry, SessionId, TurnId } from '../../contract/index.ts';
import { idText, type Store } from '../../store/index.ts';
import type { EventBus } from '../events.ts';
import type { SessionOptions } from '../options.ts';
import { sleep } from '../timing.ts';
import { beginsAnew } from './reset.ts';

/** How often runtimes are looked over for idle ones, in milliseconds. */
const SWEEP_MS = 60_000;
/** The longest that runtimes may take to close when the gateway stops, in milliseconds. */
const CLOSE_TIMEOUT_MS = 3_000;

/** A session whose runtime lives. */
export interface LiveSession {
  readonly id: SessionId;
  readonly agent: Agent;
  readonly runtime: AgentRuntime;
  /** What was said so far, as far as the agent wants to see it. */
  history: readonly HistoryEntry[];
  /** The last turn that was committed. */
  lastTurn: TurnId | undefined;
  /** No turn has run since it was opened. */
  fresh: boolean;
  lastUsed: number;
}

/** How many runtimes there are, and what became of them since the start. */
export interface SessionStats {
  /** Those with a turn, and those without. */
  readonly live: number;
  readonly busy: number;
  readonly idle: number;
  /** Sessions with something to answer and no turn under way: they wait for a place, for a pause to end, or for their agent. */
  readonly waiting: number;
  readonly opened: number;
  /** Let go to make room. */
  readonly evicted: number;
  /** Let go because nobody used them. */
  readonly swept: number;
}

/**
 * Owns the agent runtimes. A session with a running turn is busy, and nobody lets go of it; the others are idle, in the order
 * of their last use. When there is no room, the least recently used idle one goes. What a runtime needs to return is on disk
 * before it goes, because it is committed with each turn: its history, and the state that its agent left.
 */
export class SessionManager {
  readonly #store: Store;
  readonly #agents: ReadonlyMap<AgentId, Agent>;
  readonly #options: SessionOptions;
  readonly #events: EventBus;
  /** Never evicts by itself, and so has no bound: how many there may be can change. */
  readonly #idle: LRUCache<SessionId, LiveSession>;
  /** Checked out. */
  readonly #out = new Set<SessionId>();
  /** Of those, the ones that are let go when they come back. */
  readonly #forgotten = new Set<SessionId>();
  readonly #counts = { opened: 0, evicted: 0, swept: 0 };
  readonly #sweep: NodeJS.Timeout;
  #busy = 0;

  constructor(store: Store, agents: ReadonlyMap<AgentId, Agent>, options: SessionOptions, events: EventBus) {
    this.#store = store;
    this.#agents = agents;
    this.#options = options;
    this.#events = events;
    this.#idle = new LRUCache({ maxSize: Number.MAX_SAFE_INTEGER, sizeCalculation: () => 1 });
    this.#sweep = setInterval(() => this.#sweepIdle(), SWEEP_MS).unref();
  }

  /** Whether another turn can start now. */
  get hasRoom(): boolean {
    return this.#busy < this.#options.maxLive;
  }

  stats(): Omit<SessionStats, 'waiting'> {
    const idle = this.#idle.size;
    return { live: this.#busy + idle, busy: this.#busy, idle, ...this.#counts };
  }

  /** Who answers in a session, whatever its channel says by now. */
  agentOf(id: SessionId): AgentId {
    return this.#idle.peek(id)?.agent.id ?? this.#store.sessions.agentOf(id) ?? ('' as AgentId);
  }

  /** Turns that have a place. */
  get busy(): number {
    return this.#busy;
  }

  /** Takes one of the places for running turns; `free` gives it back. */
  reserve(): void {
    this.#busy += 1;
  }

  free(): void {
    this.#busy -= 1;
  }

  /**
   * The session, alive, for one turn; at once if it is. If it was silent for too long, its conversation begins anew with
   * this turn. Rejects when its agent cannot be opened.
   */
  checkout(id: SessionId, turn: TurnId): LiveSession | Promise<LiveSession> {
    const idle = this.#idle.get(id);
    this.#idle.delete(id);
    this.#out.add(id);
    const { reset } = this.#options;
    const last = reset && (idle?.lastUsed ?? this.#store.turns.latestEnd(id));
    if (reset && last !== undefined && beginsAnew(last, Date.now(), reset))
      return this.#openAnew(id, turn, idle);
    if (idle !== undefined) return idle;
    while (this.#busy + this.#idle.size > this.#options.maxLive && this.#idle.size > 0) this.#evictOldest();
    return this.#open(id);
  }

  /** Takes a session back after its turn: idle, and the most recently used. */
  checkin(session: LiveSession): void {
    this.#out.delete(session.id);
    if (this.#forgotten.delete(session.id) || this.#isReplaced(session)) {
      this.#close(session);
      return;
    }
    session.lastUsed = Date.now();
    this.#idle.set(session.id, session);
  }

  /** Ends a turn whose runtime is not used again, if there is one. */
  discard(id: SessionId, session: LiveSession | undefined): void {
    this.#out.delete(id);
    this.#forgotten.delete(id);
    if (session !== undefined) this.#close(session);
  }

  /** The agents have changed: lets go of the runtimes of those that are no longer there, the busy ones after their turn. */
  letGoOfReplaced(): void {
    for (const session of [...this.#idle.values()]) {
      if (session === undefined || !this.#isReplaced(session)) continue;
      this.#idle.delete(session.id);
      this.#close(session);
    }
  }

  #isReplaced({ agent }: LiveSession): boolean {
    return this.#agents.get(agent.id) !== agent;
  }

  /**
   * Lets go of all that is remembered of a session outside the store: for when its history was changed there. A running turn
   * goes on with what it has; the next one reads anew.
   */
  forget(id: SessionId): void {
    const idle = this.#idle.get(id);
    if (this.#out.has(id)) this.#forgotten.add(id);
    if (idle === undefined) return;
    this.#idle.delete(id);
    this.#close(idle);
  }

  /** The conversation begins anew: nothing that was said till now is remembered. Resolves when that is on disk. */
  async startAnew(id: SessionId): Promise<void> {
    await this.#store.insist(() => this.#store.sessions.beginAt(id, idText(this.#store.ids.next())));
    this.forget(id);
    this.#events.emit('session.began_anew', { session: id });
  }

  /** Closes all idle runtimes; resolves also when one hangs. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    const closing = [...this.#idle.values()].map((session) => session && closeQuietly(session, this.#events));
    this.#idle.clear();
    const closed = new AbortController();
    void Promise.all(closing).then(() => closed.abort());
    await sleep(CLOSE_TIMEOUT_MS, closed.signal);
  }

  async #openAnew(id: SessionId, turn: TurnId, idle: LiveSession | undefined): Promise<LiveSession> {
    if (idle !== undefined) this.#close(idle);
    await this.#store.insist(() => this.#store.sessions.beginAt(id, turn));
    this.#events.emit('session.began_anew', { session: id });
    return this.#open(id);
  }

  async #open(id: SessionId): Promise<LiveSession> {
    const row = this.#store.sessions.get(id);
    const agent = row && this.#agents.get(row.agent);
    if (row === undefined || agent === undefined) {
      throw new Error(`session ${id} belongs to the agent ${row?.agent ?? '?'}, which is not in the config`);
    }
    this.#counts.opened += 1;
    const runtime = await agent.open(id, row.state);
    const history = agent.historyTurns === 0 ? [] : this.#store.turns.history(id, agent.historyTurns);
    const lastTurn = this.#store.turns.latestCommitted(id);
    return { id, agent, runtime, history, lastTurn, fresh: true, lastUsed: Date.now() };
  }

  #evictOldest(): void {
    const oldest = this.#idle.pop();
    if (oldest === undefined) return;
    this.#counts.evicted += 1;
    this.#close(oldest);
  }

  #sweepIdle(): void {
    const unusedSince = Date.now() - this.#options.idleTimeout;
    for (const session of [...this.#idle.rvalues()]) {
      if (session === undefined || session.lastUsed > unusedSince) break;
      this.#idle.delete(session.id);
      this.#counts.swept += 1;
      this.#close(session);
    }
  }

  #close(session: LiveSession): void {
    void closeQuietly(session, this.#events);
  }
}

async function closeQuietly(session: LiveSession, events: EventBus): Promise<void> {
  try {
    await session.runtime.close();
  } catch (error) {
    events.emit('internal.error', { where: `closing a runtime of agent ${session.agent.id}`, error });
  }
}
