import {
  AgentError,
  type AgentId,
  type ChannelId,
  type ChatId,
  errorText,
  type InboundId,
  type InboundMessage,
  type SessionId,
  type Turn,
  type TurnId,
} from '../contract/index.ts';
import { idTime, type Store } from '../store/index.ts';
import { AgentRests } from './agent-rest.ts';
import type { Attachments } from './attachments.ts';
import type { Channel } from './channel.ts';
import type { Destinations } from './destination.ts';
import type { EventBus } from './events.ts';
import { Fifo } from './fifo.ts';
import type { Languages } from './languages.ts';
import type { TurnOptions } from './options.ts';
import { type GrowingAnswer, growingAnswer } from './previews.ts';
import type { LiveSession, SessionManager } from './session-manager.ts';
import { StopSwitch } from './stop-switch.ts';
import { Suspects } from './suspects.ts';
import { backoff, sleep } from './timing.ts';
import type { CommittableTurn, TurnCommitter } from './turn-committer.ts';
import { TurnInput } from './turn-input.ts';
import { type RunResult, runAgent } from './turn-runner.ts';
import type { Workspaces } from './workspaces.ts';

/** Messages that wait are kept in memory up to this number; beyond it, only their ids are. */
const MESSAGES_IN_MEMORY = 5_000;
/** How long the first part of an album waits for the others, in milliseconds. */
const ALBUM_MS = 700;
/** The longest that parking takes, in milliseconds: an agent has one second to end. */
const PARKING_MS = 1_500;
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
  /** The process died while it was being answered, more often than chance explains: see Suspects. */
  readonly suspect?: boolean;
}

/** One of the messages that a turn answers, with its text at hand. */
interface Asked {
  readonly waiting: Waiting;
  readonly message: InboundMessage;
}

/**
 * `waiting`: for something to do. `ready`: for a place among the running turns. `running`: has one.
 * `pausing`: until its head, which failed, is to be run again.
 */
type Mode = 'waiting' | 'ready' | 'running' | 'pausing';

/** A conversation that has something to be answered. */
export interface TurnLoad {
  readonly session: SessionId;
  readonly channel: ChannelId;
  readonly agent: AgentId;
  /** The message that is first in it; also the id of its turn. */
  readonly head: InboundId;
  readonly mode: Mode;
  readonly attempts: number;
  /** When the first one came; epoch milliseconds. */
  readonly since: number;
  readonly messages: number;
}

interface SessionQueue {
  readonly id: SessionId;
  readonly waiting: Fifo<Waiting>;
  mode: Mode;
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
 * One turn at a time per session, in order of arrival; sessions get the places in the order in which they ask. What may
 * have killed the process runs one at a time.
 */
export class TurnScheduler {
  readonly #store: Store;
  readonly #sessions: SessionManager;
  readonly #committer: TurnCommitter;
  readonly #input: TurnInput;
  readonly #workspaces: Workspaces;
  readonly #languages: Languages;
  readonly #destinations: Destinations;
  readonly #events: EventBus;
  readonly #options: TurnOptions;
  readonly #queues = new Map<SessionId, SessionQueue>();
  readonly #ready = new Fifo<SessionQueue>();
  readonly #suspects = new Suspects<SessionQueue>();
  readonly #stopping = new AbortController();
  readonly #rests: AgentRests<SessionQueue>;
  #underWay = 0;
  #onIdle: (() => void) | undefined;
  #inMemory = 0;

  constructor(parts: {
    store: Store;
    sessions: SessionManager;
    committer: TurnCommitter;
    attachments: Attachments;
    workspaces: Workspaces;
    languages: Languages;
    destinations: Destinations;
    events: EventBus;
    options: TurnOptions;
  }) {
    this.#store = parts.store;
    this.#sessions = parts.sessions;
    this.#committer = parts.committer;
    this.#input = new TurnInput(parts.store, parts.attachments);
    this.#workspaces = parts.workspaces;
    this.#languages = parts.languages;
    this.#destinations = parts.destinations;
    this.#events = parts.events;
    this.#options = parts.options;
    this.#rests = new AgentRests({
      events: parts.events,
      stopping: this.#stopping.signal,
      release: (queues) => {
        for (const queue of queues) this.#ready.push(queue);
        this.#fillPlaces();
      },
    });
  }

  /**
   * Whether a message of this session and agent, stored now, would run at once. If so a place is taken for it, and the caller
   * stores it as `running` right away, which saves a commit; then it is to `add` the message, or `withdraw` the claim.
   */
  claim(session: SessionId, agent: AgentId): boolean {
    if (this.#queues.has(session) || this.#ready.length > 0 || !this.#hasRoom) return false;
    if (this.#rests.isResting(agent)) return false;
    this.#sessions.reserve();
    this.#queues.set(session, { id: session, waiting: new Fifo(), mode: 'running', stop: undefined });
    return true;
  }

  /** How many messages of a session wait, the running one included. */
  waiting(session: SessionId): number {
    return this.#queues.get(session)?.waiting.length ?? 0;
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
    const isAlbum = message.message?.album !== undefined;
    if (message.message !== undefined) {
      if (this.#inMemory < MESSAGES_IN_MEMORY) this.#inMemory += 1;
      else message.message = undefined;
    }
    queue.waiting.push(message);
    if (message.claimed) this.#begin(queue);
    else if (isAlbum && queue.mode === 'waiting') void this.#resume(queue, ALBUM_MS);
    else this.#makeReady(queue);
  }

  /** The conversations that have something to be answered: O(conversations). */
  *load(): Generator<TurnLoad> {
    for (const { id, mode, waiting } of this.#queues.values()) {
      const head = waiting.peek();
      if (head === undefined) continue;
      const { id: channel, agent } = head.channel.options;
      const about = { session: id, channel, agent, head: head.id };
      yield { ...about, mode, messages: waiting.length, attempts: head.attempts, since: idTime(head.id) };
    }
  }

  /** The agents that are left alone for a while. */
  resting(): AgentId[] {
    return this.#rests.all();
  }

  /**
   * What waits in one conversation (all of it, or what came in one chat) goes over to another, in order of arrival; it is so on disk
   * already. A turn that runs goes on, and is committed to the conversation that its message then belongs to.
   */
  move(from: SessionId, to: SessionId, chat?: number): void {
    this.#sessions.forget(from);
    this.#sessions.forget(to);
    const source = this.#queues.get(from);
    if (source === undefined) return;
    const rest: Waiting[] = [];
    const moving: Waiting[] = [];
    const running = source.mode === 'running' ? source.waiting.shift() : undefined;
    for (let next = source.waiting.shift(); next !== undefined; next = source.waiting.shift()) {
      (chat === undefined || next.chatRef === chat ? moving : rest).push(next);
    }
    for (const waiting of [...(running === undefined ? [] : [running]), ...rest])
      source.waiting.push(waiting);
    for (const waiting of moving) {
      if (waiting.message !== undefined) this.#inMemory -= 1; // `add` counts it again
      this.add(to, waiting);
    }
    if (source.waiting.length === 0 && source.mode === 'waiting') this.#queues.delete(from);
  }

  /** The settings have changed, and these agents: there may be more places, and reasons to try again. */
  goOn(changed: readonly AgentId[]): void {
    for (const agent of changed) this.#rests.forgive(agent);
    this.#fillPlaces();
  }

  /** Something was noted in this chat: its next turn is told. */
  note(chatRef: number): void {
    this.#input.note(chatRef);
  }

  /** Ends the running turn that answers in this chat, if there is one. */
  stopTurn(channel: ChannelId, chat: ChatId): void {
    const chatRef = this.#store.chats.find(channel, chat);
    for (const { waiting, stop } of this.#queues.values()) {
      if (waiting.peek()?.chatRef === chatRef) stop?.stop('person');
    }
  }

  /** Ends the turn of a session that is under way; what waits behind it goes on. False if there is none. */
  stopSession(session: SessionId): boolean {
    const stop = this.#queues.get(session)?.stop;
    stop?.stop('person');
    return stop !== undefined;
  }

  /** Ends a message that will not be run (again). */
  async giveUp(session: SessionId, waiting: Waiting, error: AgentError): Promise<void> {
    await this.#store.insist(() => this.#store.inbox.take(waiting.id));
    await this.#committer.fail(this.#turnOf(session, [await this.#read(waiting)]), undefined, error, []);
  }

  /**
   * Starts no further turn, gives the running ones `graceMs` to end, and then parks them: the next process runs them anew.
   * Takes a moment longer than that at most: what cannot be written, because the disk is full, is run anew as well.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    if (this.#underWay === 0) return;
    const idle = new AbortController();
    this.#onIdle = () => idle.abort();
    await sleep(graceMs, idle.signal);
    for (const queue of this.#queues.values()) queue.stop?.stop('shutdown');
    await sleep(PARKING_MS, idle.signal);
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
      if (!this.#rests.admit(agentOf(next), next)) continue;
      if (next.waiting.peek()?.suspect === true && !this.#suspects.admit(next)) continue;
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
      this.#rests.failed(agentOf(queue));
      this.#drop(queue, 1);
    }
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#onIdle?.();
    this.#ended(queue, pauseMs);
  }

  /** Gives the place back; the session goes on with its next message, after a pause if need be. */
  #ended(queue: SessionQueue, pauseMs = 0): void {
    this.#sessions.free();
    const next = this.#suspects.ended(queue);
    if (next !== undefined) this.#ready.push(next);
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

  #drop(queue: SessionQueue, count: number): void {
    for (let dropped = 0; dropped < count; dropped += 1) {
      if (queue.waiting.shift()?.message !== undefined) this.#inMemory -= 1;
    }
  }

  /** Runs what is first in a session once. Returns how many milliseconds to wait before the session goes on. */
  async #runHead(queue: SessionQueue): Promise<number> {
    const asked = await this.#together(queue);
    if (asked === undefined) return 0;
    await this.#claim(asked.map(({ waiting }) => waiting));
    const turn = this.#turnOf(queue.id, asked);
    const live = await this.#checkout(queue.id);
    if (live instanceof AgentError) return this.#failed(queue, turn, undefined, live, []);

    const stop = new StopSwitch();
    const typing = this.#startTyping(turn);
    const about = {
      turn: turn.id,
      chatRef: turn.chatRef,
      chat: turn.message.chat,
      ...(turn.message.chat.kind === 'group' && { replyTo: turn.message.platformId }),
    };
    const preview = turn.elsewhere === undefined ? growingAnswer(turn.channel, about) : undefined;
    const result = await this.#run(queue, live, turn, stop, preview);
    preview?.end();
    try {
      if (result.outcome === 'stopped' && stop.why === 'shutdown') {
        await this.#store.insist(() => {
          for (const { id } of turn.asked) this.#store.inbox.park(id);
        });
        return 0;
      }
      const error = stop.why === 'timeout' ? new TookTooLong(this.#options.timeout) : result.error;
      if (error !== undefined) return await this.#failed(queue, turn, live, error, result.data);
      await this.#committer.commit(turn, live, result, preview?.shown === true);
      this.#rests.answered(agentOf(queue));
      this.#drop(queue, asked.length);
      return 0;
    } finally {
      typing?.abort('ended'); // with a reason, because making the default one (a DOMException) is slow
      if (result.reusable) this.#sessions.checkin(live);
      else this.#sessions.discard(live);
    }
  }

  /** The first message of a session, and those behind it that were sent with it as one album. */
  async #together(queue: SessionQueue): Promise<[Asked, ...Asked[]] | undefined> {
    const first = queue.waiting.peek();
    if (first === undefined) return undefined;
    const head = await this.#read(first);
    const asked: [Asked, ...Asked[]] = [head];
    const { album } = head.message;
    for (let index = 1; album !== undefined; index += 1) {
      const next = queue.waiting.at(index);
      if (next === undefined || next.chatRef !== first.chatRef) break;
      const part = await this.#read(next);
      if (part.message.album !== album) break;
      asked.push(part);
    }
    return asked;
  }

  /** Rejects only when the store closes: see Outbox. */
  async #read(waiting: Waiting): Promise<Asked> {
    const message =
      waiting.message ?? (await this.#store.insist(() => this.#store.inbox.message(waiting.id)));
    return { waiting, message };
  }

  /** Counts the run that begins, on disk first. */
  async #claim(asked: readonly Waiting[]): Promise<void> {
    const unclaimed = asked.filter(({ claimed }) => !claimed);
    if (unclaimed.length > 0) {
      await this.#store.insist(() => {
        for (const { id } of unclaimed) this.#store.inbox.claim(id);
      });
    }
    for (const waiting of asked) {
      if (!waiting.claimed) waiting.attempts += 1;
      waiting.claimed = false;
    }
  }

  #turnOf(session: SessionId, asked: readonly [Asked, ...Asked[]]): CommittableTurn {
    const [{ waiting: first }] = asked;
    const { message } = asked.at(-1) ?? asked[0];
    return {
      id: first.id as string as TurnId,
      session,
      asked: asked.map(({ waiting, message: said }) => ({ id: waiting.id, message: said })),
      message,
      channel: first.channel,
      chatRef: first.chatRef,
      elsewhere: this.#destinations.elsewhere({ ...first, message }),
      attempt: first.attempts,
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
    preview: GrowingAnswer | undefined,
  ): Promise<RunResult> {
    const { id, session, attempt } = turn;
    queue.stop = stop;
    const timer = setTimeout(() => stop.stop('timeout'), this.#options.timeout);
    this.#events.emit('turn.started', {
      turn: id,
      session,
      agent: live.agent.id,
      channel: turn.channel.options.id,
      attempt,
      messages: turn.asked.map(({ id: message }) => message),
    });
    try {
      const last = attempt >= this.#options.maxAttempts;
      const messages = await this.#input.gather(turn, live, last, stop);
      const asked: Turn = {
        id,
        session,
        attempt,
        messages,
        history: live.history,
        language: this.#languages.languageOf(turn.channel.options.id, turn.message.sender),
        workspace: () => this.#workspaces.folderOf(session),
        get signal() {
          return stop.signal;
        },
      };
      return await runAgent(live, asked, stop, preview && ((text) => preview.show(text)));
    } catch (thrown) {
      const error = thrown instanceof AgentError ? thrown : unexpected(thrown);
      return failedRun(error, stop.why !== undefined);
    } finally {
      clearTimeout(timer);
      queue.stop = undefined;
    }
  }

  /** Shows that somebody is at work until the returned controller aborts. */
  #startTyping({ channel, message, id }: CommittableTurn): AbortController | undefined {
    if (channel.adapter.startTyping === undefined) return undefined;
    const ended = new AbortController();
    try {
      channel.adapter.startTyping(message.chat.id, id, ended.signal, message.platformId);
    } catch (error) {
      this.#events.emit('internal.error', { where: `adapter of channel ${channel.options.id}`, error });
    }
    return ended;
  }

  async #failed(
    queue: SessionQueue,
    turn: CommittableTurn,
    live: LiveSession | undefined,
    error: AgentError,
    data: RunResult['data'],
  ): Promise<number> {
    if (error.temporary || error instanceof TookTooLong) this.#rests.failed(agentOf(queue));
    else this.#rests.answered(agentOf(queue));
    if (error.temporary && turn.attempt < this.#options.maxAttempts) {
      const inMs = Math.max(backoff(turn.attempt, RETRY_BACKOFF), error.retryAfterMs ?? 0);
      this.#committer.reportRetry(turn, live, error, inMs);
      this.#input.note(turn.chatRef); // what was noted is told to the next run as well
      return inMs;
    }
    await this.#committer.fail(turn, live, error, data);
    this.#drop(queue, turn.asked.length);
    return 0;
  }
}

/** Who asks the agent on behalf of this session; a queue that is not empty. */
function agentOf(queue: SessionQueue): AgentId {
  return queue.waiting.peek()?.channel.options.agent ?? ('' as AgentId);
}

class TookTooLong extends AgentError {
  constructor(ms: number) {
    super(`the agent did not end within ${ms / 1000} s`, { temporary: false });
  }
}

function unexpected(thrown: unknown): AgentError {
  return new AgentError(`the turn could not be prepared: ${errorText(thrown)}`, {
    temporary: true,
    cause: thrown,
  });
}

/** A run that did not get as far as the agent. */
function failedRun(error: AgentError, stopped: boolean): RunResult {
  return {
    outcome: stopped ? 'stopped' : 'failed',
    text: '',
    artifacts: [],
    choices: [],
    reaction: undefined,
    data: [],
    state: undefined,
    error: stopped ? undefined : error,
    reusable: true,
  };
}
