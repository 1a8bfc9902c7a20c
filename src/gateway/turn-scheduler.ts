import {
  AgentError,
  type ChannelId,
  type ChatId,
  errorText,
  type InboundId,
  type InboundMessage,
  type SessionId,
  type TurnId,
} from '../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { Channel } from './channel.ts';
import type { EventBus } from './events.ts';
import { Fifo } from './fifo.ts';
import type { TurnOptions } from './options.ts';
import type { LiveSession, SessionManager } from './session-manager.ts';
import { StopSwitch } from './stop-switch.ts';
import { backoff, sleep } from './timing.ts';
import type { CommittableTurn, TurnCommitter } from './turn-committer.ts';
import { type RunResult, runAgent } from './turn-runner.ts';

/** Messages that wait are kept in memory up to this number; beyond it, only their ids are. */
const MESSAGES_IN_MEMORY = 5_000;
/** The latest changes of earlier messages that an agent is told of. */
const MOST_NOTES = 20;
const RETRY_BACKOFF = { base: 2_000, cap: 60_000 };

/** A message that waits for its turn. */
export interface Waiting {
  readonly id: InboundId;
  readonly channel: Channel;
  /** The chat's row. */
  readonly chatRef: number;
  /** Absent when it is to be read from the store. */
  message: InboundMessage | undefined;
  attempts: number;
  /** On disk as `running` already, with the attempt counted. */
  claimed: boolean;
}

interface SessionQueue {
  readonly id: SessionId;
  readonly waiting: Fifo<Waiting>;
  /**
   * `waiting`: for something to do. `ready`: for a place among the running turns. `running`: has one.
   * `pausing`: until its head, which failed, is to be run again.
   */
  mode: 'waiting' | 'ready' | 'running' | 'pausing';
  /** Ends the running turn. */
  stop: StopSwitch | undefined;
}

/**
 * Decides which turn runs when. A turn is always in one of these states:
 *
 * - queued: its message waits behind others of the session, or for a place among the running turns.
 * - running: an agent is at it.
 * - committed, cancelled or failed: its end is on disk (see TurnCommitter). A temporary failure is queued again.
 *
 * One turn at a time per session, in order of arrival; sessions get the places in the order in which they ask.
 */
export class TurnScheduler {
  readonly #store: Store;
  readonly #sessions: SessionManager;
  readonly #committer: TurnCommitter;
  readonly #events: EventBus;
  readonly #options: TurnOptions;
  readonly #queues = new Map<SessionId, SessionQueue>();
  readonly #ready = new Fifo<SessionQueue>();
  readonly #stopping = new AbortController();
  #underWay = 0;
  #onIdle: (() => void) | undefined;
  /** Chats in which something was noted since this process began. */
  readonly #noted = new Set<number>();
  #inMemory = 0;

  constructor(parts: {
    store: Store;
    sessions: SessionManager;
    committer: TurnCommitter;
    events: EventBus;
    options: TurnOptions;
  }) {
    this.#store = parts.store;
    this.#sessions = parts.sessions;
    this.#committer = parts.committer;
    this.#events = parts.events;
    this.#options = parts.options;
  }

  /**
   * Whether a message of this session, stored now, would run at once. If so a place is taken for it, and the caller
   * stores it as `running` right away, which saves a commit; then it is to `add` the message, or `withdraw` the claim.
   */
  claim(session: SessionId): boolean {
    if (this.#queues.has(session) || this.#ready.length > 0 || !this.#hasRoom) return false;
    this.#sessions.reserve();
    this.#queues.set(session, { id: session, waiting: new Fifo(), mode: 'running', stop: undefined });
    return true;
  }

  withdraw(session: SessionId): void {
    const queue = this.#queues.get(session);
    if (queue !== undefined) this.#ended(queue);
  }

  /** Takes a message that is on disk. */
  add(session: SessionId, message: Waiting): void {
    let queue = this.#queues.get(session);
    if (queue === undefined) {
      queue = { id: session, waiting: new Fifo(), mode: 'waiting', stop: undefined };
      this.#queues.set(session, queue);
    }
    if (message.message !== undefined) {
      if (this.#inMemory < MESSAGES_IN_MEMORY) this.#inMemory += 1;
      else message.message = undefined;
    }
    queue.waiting.push(message);
    if (message.claimed) this.#begin(queue);
    else this.#makeReady(queue);
  }

  /** Something was noted in this chat: its next turn is told. */
  note(chatRef: number): void {
    this.#noted.add(chatRef);
  }

  /** Ends the running turn that answers in this chat, if there is one. */
  stopTurn(channel: ChannelId, chat: ChatId): void {
    const chatRef = this.#store.chats.find(channel, chat);
    for (const { waiting, stop } of this.#queues.values()) {
      if (waiting.peek()?.chatRef === chatRef) stop?.stop('person');
    }
  }

  /** Ends a message that will not be run (again). */
  async giveUp(session: SessionId, waiting: Waiting, error: AgentError): Promise<void> {
    await this.#store.insist(() => this.#store.inbox.claim(waiting.id));
    await this.#committer.fail(
      this.#turnOf(session, waiting, this.#store.inbox.message(waiting.id)),
      undefined,
      error,
      [],
    );
  }

  /**
   * Starts no further turn, gives the running ones `graceMs` to end, and then parks them: the next process runs them anew.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const timer = setTimeout(() => {
      for (const queue of this.#queues.values()) queue.stop?.stop('shutdown');
    }, graceMs);
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    clearTimeout(timer);
  }

  get #hasRoom(): boolean {
    return this.#sessions.hasRoom && !this.#stopping.signal.aborted;
  }

  #makeReady(queue: SessionQueue): void {
    if (queue.mode !== 'waiting') return;
    queue.mode = 'ready';
    this.#ready.push(queue);
    this.#fillPlaces();
  }

  /** Hands free places to whoever has waited longest. */
  #fillPlaces(): void {
    while (this.#ready.length > 0 && this.#hasRoom) {
      const next = this.#ready.shift();
      if (next === undefined) return;
      next.mode = 'running';
      this.#sessions.reserve();
      this.#begin(next);
    }
  }

  #begin(queue: SessionQueue): void {
    this.#underWay += 1;
    void this.#runToEnd(queue);
  }

  async #runToEnd(queue: SessionQueue): Promise<void> {
    let pauseMs = 0;
    try {
      pauseMs = await this.#runHead(queue);
    } catch (error) {
      // The store closes (the next process goes on), or a mistake of ours: the message stays on disk, the session goes on.
      if (!this.#stopping.signal.aborted) this.#events.emit('internal.error', { where: 'turn', error });
      this.#drop(queue);
    }
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#onIdle?.();
    this.#ended(queue, pauseMs);
  }

  /** Gives the place back; the session goes on with its next message, after a pause if need be. */
  #ended(queue: SessionQueue, pauseMs = 0): void {
    this.#sessions.free();
    queue.mode = 'waiting';
    if (queue.waiting.length === 0) this.#queues.delete(queue.id);
    else if (pauseMs === 0) this.#makeReady(queue);
    else void this.#resume(queue, pauseMs);
    this.#fillPlaces();
  }

  async #resume(queue: SessionQueue, pauseMs: number): Promise<void> {
    queue.mode = 'pausing';
    await sleep(pauseMs, this.#stopping.signal);
    queue.mode = 'waiting';
    this.#makeReady(queue);
  }

  #drop(queue: SessionQueue): void {
    if (queue.waiting.shift()?.message !== undefined) this.#inMemory -= 1;
  }

  /** Runs a session's first message once. Returns how many milliseconds to wait before the session goes on. */
  async #runHead(queue: SessionQueue): Promise<number> {
    const head = queue.waiting.peek();
    if (head === undefined) return 0;
    if (!head.claimed) {
      await this.#store.insist(() => this.#store.inbox.claim(head.id));
      head.attempts += 1;
    }
    head.claimed = false;
    const message = head.message ?? this.#store.inbox.message(head.id);
    const turn = this.#turnOf(queue.id, head, message);
    const live = await this.#checkout(queue.id);
    if (live instanceof AgentError) return this.#failed(queue, turn, undefined, live, []);

    const stop = new StopSwitch();
    const typing = this.#startTyping(turn);
    const result = await this.#run(queue, live, turn, stop);
    try {
      if (result.outcome === 'stopped' && stop.why === 'shutdown') {
        await this.#store.insist(() => this.#store.inbox.park(head.id));
        return 0;
      }
      const error = stop.why === 'timeout' ? tookTooLong(this.#options.timeout) : result.error;
      if (error !== undefined) return await this.#failed(queue, turn, live, error, result.data);
      await this.#committer.commit(turn, live, result);
      this.#drop(queue);
      return 0;
    } finally {
      typing?.abort('ended'); // with a reason, because making the default one (a DOMException) is slow
      if (result.reusable) this.#sessions.checkin(live);
      else this.#sessions.discard(live);
    }
  }

  #turnOf(session: SessionId, waiting: Waiting, message: InboundMessage): CommittableTurn {
    return {
      id: waiting.id as string as TurnId,
      session,
      message,
      inbound: waiting.id,
      channel: waiting.channel,
      chatRef: waiting.chatRef,
      attempt: waiting.attempts,
      startedAt: Date.now(),
    };
  }

  async #checkout(session: SessionId): Promise<LiveSession | AgentError> {
    try {
      return await this.#sessions.checkout(session);
    } catch (error) {
      return error instanceof AgentError
        ? error
        : new AgentError(`the agent cannot be started: ${errorText(error)}`, {
            temporary: true,
            cause: error,
          });
    }
  }

  async #run(
    queue: SessionQueue,
    live: LiveSession,
    turn: CommittableTurn,
    stop: StopSwitch,
  ): Promise<RunResult> {
    const { id, session, attempt, message, channel } = turn;
    const { stream } = channel.adapter;
    queue.stop = stop;
    const timer = setTimeout(() => stop.stop('timeout'), this.#options.timeout);
    this.#events.emit('turn.started', { turn: id, session, agent: live.agent.id, attempt });
    try {
      return await runAgent(
        live,
        {
          id,
          session,
          attempt,
          messages: [...this.#notesFor(turn, live), message],
          history: live.history,
          get signal() {
            return stop.signal;
          },
        },
        stop,
        stream &&
          ((text) => this.#guarded(channel, () => stream.call(channel.adapter, message.chat.id, id, text))),
      );
    } finally {
      clearTimeout(timer);
      queue.stop = undefined;
    }
  }

  /** What was changed in the chat since its last turn. */
  #notesFor({ chatRef, inbound }: CommittableTurn, { fresh, lastTurn }: LiveSession): InboundMessage[] {
    if (!this.#noted.delete(chatRef) && !fresh) return [];
    return this.#store.inbox.noted(chatRef, lastTurn as InboundId | undefined, inbound, MOST_NOTES);
  }

  /** Shows that somebody is at work until the returned controller aborts. */
  #startTyping({ channel, message, id }: CommittableTurn): AbortController | undefined {
    if (channel.adapter.startTyping === undefined) return undefined;
    const ended = new AbortController();
    this.#guarded(channel, () => channel.adapter.startTyping?.(message.chat.id, id, ended.signal));
    return ended;
  }

  /** Signs of life are for comfort: an adapter that throws there does no harm to the turn. */
  #guarded(channel: Channel, sign: () => void): void {
    try {
      sign();
    } catch (error) {
      this.#events.emit('internal.error', { where: `adapter of channel ${channel.options.id}`, error });
    }
  }

  async #failed(
    queue: SessionQueue,
    turn: CommittableTurn,
    live: LiveSession | undefined,
    error: AgentError,
    data: RunResult['data'],
  ): Promise<number> {
    if (error.temporary && turn.attempt < this.#options.maxAttempts) {
      const inMs = Math.max(backoff(turn.attempt, RETRY_BACKOFF), error.retryAfterMs ?? 0);
      this.#committer.reportRetry(turn, live, error, inMs);
      this.#noted.add(turn.chatRef); // what was noted is told to the next run as well
      return inMs;
    }
    await this.#committer.fail(turn, live, error, data);
    this.#drop(queue);
    return 0;
  }
}

function tookTooLong(ms: number): AgentError {
  return new AgentError(`the agent did not end within ${ms / 1000} s`, { temporary: false });
}
