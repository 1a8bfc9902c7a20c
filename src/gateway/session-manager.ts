import type { Agent, AgentId, AgentRuntime, HistoryEntry, SessionId, TurnId } from '../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { EventBus } from './events.ts';
import type { SessionOptions } from './options.ts';
import { sleep } from './timing.ts';

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

/**
 * Owns the agent runtimes. A session with a running turn is busy; the others are idle, in the order of their last use.
 * When there is no room, the least recently used idle one goes; what it needs to return is in the store already.
 */
export class SessionManager {
  readonly #store: Store;
  readonly #agents: ReadonlyMap<AgentId, Agent>;
  readonly #options: SessionOptions;
  readonly #events: EventBus;
  /** A Map remembers the order of insertion: the first is the least recently used. */
  readonly #idle = new Map<SessionId, LiveSession>();
  /** Busy ones that are to be read anew after their turn. */
  readonly #stale = new Set<SessionId>();
  #busy = 0;
  readonly #sweep: NodeJS.Timeout;

  constructor(store: Store, agents: ReadonlyMap<AgentId, Agent>, options: SessionOptions, events: EventBus) {
    this.#store = store;
    this.#agents = agents;
    this.#options = options;
    this.#events = events;
    this.#sweep = setInterval(() => this.#sweepIdle(), SWEEP_MS).unref();
  }

  /** Whether another turn can start now. */
  get hasRoom(): boolean {
    return this.#busy < this.#options.maxLive;
  }

  get live(): number {
    return this.#busy + this.#idle.size;
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

  /** The session, alive, for one turn; at once if it is. Rejects when its agent cannot be opened. */
  checkout(id: SessionId): LiveSession | Promise<LiveSession> {
    const idle = this.#idle.get(id);
    if (idle !== undefined) {
      this.#idle.delete(id);
      return idle;
    }
    while (this.live > this.#options.maxLive && this.#idle.size > 0) this.#evictOldest();
    return this.#open(id);
  }

  /** Takes a session back after its turn: idle, and the most recently used. */
  checkin(session: LiveSession): void {
    if (this.#stale.delete(session.id) || this.#isReplaced(session)) {
      this.discard(session);
      return;
    }
    session.lastUsed = Date.now();
    this.#idle.set(session.id, session);
  }

  /** What is known of a session from memory is no longer true: it is read anew for its next turn. */
  forget(id: SessionId): void {
    const idle = this.#idle.get(id);
    if (idle === undefined) {
      this.#stale.add(id);
      return;
    }
    this.#idle.delete(id);
    this.discard(idle);
  }

  /** The agents have changed: lets go of the runtimes of those that are no longer there, the busy ones after their turn. */
  letGoOfReplaced(): void {
    for (const session of this.#idle.values()) {
      if (!this.#isReplaced(session)) continue;
      this.#idle.delete(session.id);
      this.discard(session);
    }
  }

  #isReplaced({ agent }: LiveSession): boolean {
    return this.#agents.get(agent.id) !== agent;
  }

  /** Lets a runtime go for good. */
  discard(session: LiveSession): void {
    void closeQuietly(session, this.#events);
  }

  /** Closes all idle runtimes; resolves also when one hangs. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    const closing = [...this.#idle.values()].map((session) => closeQuietly(session, this.#events));
    this.#idle.clear();
    const closed = new AbortController();
    void Promise.all(closing).then(() => closed.abort());
    await sleep(CLOSE_TIMEOUT_MS, closed.signal);
  }

  async #open(id: SessionId): Promise<LiveSession> {
    this.#stale.delete(id);
    const row = this.#store.sessions.get(id);
    const agent = row && this.#agents.get(row.agent);
    if (row === undefined || agent === undefined) {
      throw new Error(`session ${id} belongs to the agent ${row?.agent ?? '?'}, which is not in the config`);
    }
    const runtime = await agent.open(id, row.state);
    const history = agent.historyTurns === 0 ? [] : this.#store.turns.history(id, agent.historyTurns);
    const lastTurn = this.#store.turns.latestOf(id);
    return { id, agent, runtime, history, lastTurn, fresh: true, lastUsed: Date.now() };
  }

  #evictOldest(): void {
    const [oldest] = this.#idle.values();
    if (oldest === undefined) return;
    this.#idle.delete(oldest.id);
    this.discard(oldest);
  }

  #sweepIdle(): void {
    const unusedSince = Date.now() - this.#options.idleTimeout;
    for (const session of this.#idle.values()) {
      if (session.lastUsed > unusedSince) break;
      this.#idle.delete(session.id);
      this.discard(session);
    }
  }
}

async function closeQuietly(session: LiveSession, events: EventBus): Promise<void> {
  try {
    await session.runtime.close();
  } catch (error) {
    events.emit('internal.error', { where: `closing a runtime of agent ${session.agent.id}`, error });
  }
}
