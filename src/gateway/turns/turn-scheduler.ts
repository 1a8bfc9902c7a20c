import type { AgentError, AgentId, ChannelId, ChatId, InboundId, SessionId } from '../../contract/index.ts';
import { idNumber, idTime, type Store } from '../../store/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import { Fifo } from '../fifo.ts';
import type { TurnOptions } from '../options.ts';
import type { Destinations } from '../people/destination.ts';
import type { Languages } from '../people/languages.ts';
import { sleep } from '../timing.ts';
import { AgentRests } from './agent-rest.ts';
import type { Attachments } from './attachments.ts';
import { askAgain } from './retry.ts';
import type { SessionManager, SessionStats } from './session-manager.ts';
import { SessionQueue, type Waiting } from './session-queue.ts';
import { StopSwitch } from './stop-switch.ts';
import { Suspects } from './suspects.ts';
import type { TurnCommitter } from './turn-committer.ts';
import { type Driven, TurnDriver } from './turn-driver.ts';
import type { Workspaces } from './workspaces.ts';

/** Messages that wait are kept in memory up to this number; beyond it, only their ids are. */
const MESSAGES_IN_MEMORY = 5_000;
/** How long the first part of an album waits for the others, in milliseconds. */
const ALBUM_MS = 700;
/** Whoever goes on talking without the pause that `collect` waits for is answered nonetheless, after so many such pauses. */
const LONGEST_COLLECTED = 10;
/** The longest that parking takes, in milliseconds: an agent has one second to end. */
const PARKING_MS = 1_500;

/** A conversation that has something to be answered. */
export interface TurnLoad {
  readonly session: SessionId;
  readonly channel: ChannelId;
  readonly agent: AgentId;
  /** The message that is first in it; also the id of its turn. */
  readonly head: InboundId;
  readonly mode: SessionQueue['mode'];
  readonly attempts: number;
  /** When the first one came; epoch milliseconds. */
  readonly since: number;
  readonly messages: number;
}

/**
 * Decides which turn runs when. A turn is always in one of these states:
 *
 * - queued: its message waits behind others of the session, or for a place among the running turns.
 * - running: an agent is at it.
 * - committed, cancelled or failed: its end is on disk (see TurnCommitter). A temporary failure is queued again.
 *
 * One turn at a time per session, in order of arrival; sessions get the places in the order in which they ask. What may
 * have killed the process runs one at a time. What comes while a turn is under way follows the policy of its channel (see
 * WhileBusy).
 */
export class TurnScheduler {
  readonly #store: Store;
  readonly #sessions: SessionManager;
  readonly #channels: ReadonlyMap<ChannelId, Channel>;
  readonly #driver: TurnDriver;
  readonly #events: EventBus;
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
    /** A live view. */
    channels: ReadonlyMap<ChannelId, Channel>;
    committer: TurnCommitter;
    attachments: Attachments;
    workspaces: Workspaces;
    destinations: Destinations;
    languages: Languages;
    events: EventBus;
    options: TurnOptions;
  }) {
    this.#store = parts.store;
    this.#sessions = parts.sessions;
    this.#channels = parts.channels;
    this.#driver = new TurnDriver(parts);
    this.#events = parts.events;
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
   * Whether a message of this session and its agent, stored now, would run at once. If so a place is taken for it, and the caller stores it
   * as `running` right away, which saves a commit; then it is to `add` the message, or `withdraw` the claim.
   */
  claim(session: SessionId, agent: AgentId): boolean {
    if (this.#queues.has(session) || this.#ready.length > 0 || !this.#hasRoom) return false;
    if (this.#rests.isResting(agent)) return false;
    this.#sessions.reserve();
    this.#queues.set(session, new SessionQueue(session, agent, 'running'));
    return true;
  }

  /** How many messages of a session wait, the running one included. */
  waiting(session: SessionId): number {
    return this.#queues.get(session)?.length ?? 0;
  }

  stats(): SessionStats {
    const stats = this.#sessions.stats();
    return { ...stats, waiting: this.#queues.size - stats.busy };
  }

  withdraw(session: SessionId): void {
    const queue = this.#queues.get(session);
    if (queue !== undefined) this.#ended(queue);
  }

  /** Takes a message that is on disk. */
  add(session: SessionId, message: Waiting): void {
    const queue = this.#queueOf(session);
    const isAlbum = message.message?.album !== undefined;
    this.#enqueue(queue, message);
    if (message.claimed) this.#begin(queue);
    else if (queue.successor === message) this.#stop(queue, message.id);
    else if (isAlbum && queue.mode === 'waiting') void this.#resume(queue, ALBUM_MS);
    else this.#makeReady(queue);
  }

  /** The conversations that have something to be answered: O(conversations). */
  *load(): Generator<TurnLoad> {
    for (const { id, agent, mode, head, length } of this.#queues.values()) {
      if (head === undefined) continue;
      const about = { session: id, channel: head.channel.options.id, agent, head: head.id };
      yield { ...about, mode, messages: length, attempts: head.attempts, since: idTime(head.id) };
    }
  }

  /** The agents that are left alone for a while. */
  resting(): AgentId[] {
    return this.#rests.all();
  }

  /** The settings have changed, and these agents: there may be more places, and reasons to try again. */
  goOn(changed: readonly AgentId[]): void {
    for (const agent of changed) this.#rests.forgive(agent);
    this.#fillPlaces();
  }

  /** Something was noted in this chat: its next turn is told. */
  note(chatRef: number): void {
    this.#driver.note(chatRef);
  }

  /** Ends the turn that is under way in this chat, if there is one. */
  stopTurn(channel: ChannelId, chat: ChatId): void {
    const chatRef = this.#store.chats.find(channel, chat);
    for (const queue of this.#queues.values()) {
      if (queue.head?.chatRef === chatRef) this.#stop(queue);
    }
  }

  /**
   * Ends the turn of a session that is under way, or waits to be run again after a failure; what waits behind it goes on.
   * False if there is none.
   */
  stopSession(session: SessionId): boolean {
    const queue = this.#queues.get(session);
    return queue !== undefined && this.#stop(queue);
  }

  /**
   * What a session was asked last is answered anew: what was answered is no longer remembered (but stays in the ledger), and
   * the question is a new message of its own. Resolves, once that is on disk, to whether there was something to answer anew;
   * not while something is still to be answered, nor where the channel is off.
   */
  async retry(session: SessionId): Promise<boolean> {
    if (this.#queues.has(session)) return false;
    const again = await askAgain(this.#store, this.#channels, session);
    if (again.length === 0) return false;
    this.#sessions.forget(session);
    const queue = this.#queueOf(session);
    for (const waiting of again) this.#enqueue(queue, waiting);
    this.#makeReady(queue);
    return true;
  }

  /**
   * What waits in one conversation (all of it, or what came in one chat) goes over to another, in order of arrival; it is so on
   * disk already. A turn that is under way goes on, and is committed to the conversation that its message then belongs to, which
   * waits for that.
   */
  move(from: SessionId, to: SessionId, chat?: number): void {
    this.#sessions.forget(from);
    this.#sessions.forget(to);
    const source = this.#queues.get(from);
    const { true: moving = [], false: rest = [] } = Object.groupBy(
      source?.waiting.takeAll() ?? [],
      ({ chatRef }) => `${chat === undefined || chatRef === chat}`,
    );
    source?.waiting.unshift(rest);
    const isHeld = source?.isUnderWay && (chat === undefined || chat === (source.head?.chatRef ?? chat));
    if (moving.length === 0 && !isHeld) return;
    const target = this.#queueOf(to);
    if (isHeld) {
      source.holds.push(target);
      target.held += 1;
    }
    const inOrder = [...target.waiting.takeAll(), ...moving].sort((a, b) => idNumber(a.id) - idNumber(b.id));
    target.waiting.unshift(inOrder);
    this.#makeReady(target);
  }

  /** Ends a message that will not be run (again). */
  async giveUp(session: SessionId, waiting: Waiting, error: AgentError): Promise<void> {
    const queue = new SessionQueue(session, this.#sessions.agentOf(session), 'waiting');
    queue.waiting.push(waiting);
    await this.#driver.giveUp(queue, error);
  }

  /**
   * Starts no further turn, gives the running ones `graceMs` to end, and then parks them: the next process runs them anew.
   * Takes a moment longer than that at most: what cannot be written, because the disk is full, is run anew as well.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    for (const queue of this.#queues.values()) queue.wake?.();
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

  #queueOf(session: SessionId): SessionQueue {
    const known = this.#queues.get(session);
    if (known !== undefined) return known;
    const queue = new SessionQueue(session, this.#sessions.agentOf(session), 'waiting');
    this.#queues.set(session, queue);
    return queue;
  }

  #enqueue(queue: SessionQueue, message: Waiting): void {
    if (message.message !== undefined) {
      if (this.#inMemory < MESSAGES_IN_MEMORY) this.#inMemory += 1;
      else message.message = undefined;
    }
    queue.cameAt = performance.now();
    queue.waiting.push(message);
  }

  #stop({ stop, wake }: SessionQueue, by?: InboundId): boolean {
    if (stop === undefined) return false;
    stop.stop(by === undefined ? 'person' : 'superseded', by);
    wake?.();
    return true;
  }

  #makeReady(queue: SessionQueue): void {
    if (queue.mode !== 'waiting' || this.#isHeld(queue)) return;
    if (queue.length === 0) {
      this.#leave(queue);
      return;
    }
    queue.mode = 'ready';
    this.#ready.push(queue);
    this.#fillPlaces();
  }

  /** Hands free places to whoever has waited longest. */
  #fillPlaces(): void {
    while (this.#ready.length > 0 && this.#hasRoom) {
      const next = this.#ready.shift();
      if (next === undefined) return;
      if (next.head === undefined || this.#isHeld(next)) {
        next.mode = 'waiting';
        this.#makeReady(next); // or leaves, if all of it was moved to another session
        continue;
      }
      if (!this.#rests.admit(next.agent, next)) continue;
      if (next.head.suspect === true && !this.#suspects.admit(next)) continue;
      next.mode = 'running';
      this.#sessions.reserve();
      this.#begin(next);
    }
  }

  /** What is under way already holds up nobody, or two could wait for each other. */
  #isHeld({ held, isUnderWay }: SessionQueue): boolean {
    return held > 0 && !isUnderWay;
  }

  #leave(queue: SessionQueue): void {
    this.#queues.delete(queue.id);
  }

  #begin(queue: SessionQueue): void {
    this.#underWay += 1;
    void this.#runToEnd(queue);
  }

  async #runToEnd(queue: SessionQueue): Promise<void> {
    const { againInMs } = await this.#drive(queue);
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#onIdle?.();
    if (againInMs === undefined) {
      queue.typing?.abort('ended'); // with a reason, because making the default one (a DOMException) is slow
      queue.typing = undefined;
      for (const { message } of queue.done()) if (message !== undefined) this.#inMemory -= 1;
    }
    this.#ended(queue, againInMs);
  }

  async #drive(queue: SessionQueue): Promise<Driven> {
    queue.stop ??= new StopSwitch();
    try {
      const driven = await this.#driver.drive(queue, queue.stop);
      this.#rests[driven.agent](queue.agent);
      return driven;
    } catch (error) {
      // The store closes (the next process goes on), or a mistake of ours: the message stays on disk, the session goes on.
      if (!this.#stopping.signal.aborted) this.#events.emit('internal.error', { where: 'turn', error });
      this.#rests.failed(queue.agent);
      queue.putBack(() => true);
      return { agent: 'failed' };
    } finally {
      queue.stop = undefined;
    }
  }

  /** Gives the place back; the session goes on with its next message, after a pause if need be. */
  #ended(queue: SessionQueue, againInMs?: number): void {
    this.#sessions.free();
    for (const next of this.#suspects.ended(queue)) this.#ready.push(next);
    queue.mode = 'waiting';
    if (againInMs === undefined) {
      for (const held of queue.holds.splice(0)) {
        held.held -= 1;
        this.#makeReady(held);
      }
    }
    const { head } = queue;
    if (againInMs !== undefined) void this.#runAgain(queue, againInMs);
    else if (head?.channel.options.whileBusy === 'collect' && head.attempts === 0)
      void this.#collect(queue, head);
    else this.#makeReady(queue);
    this.#fillPlaces();
  }

  /** The pause after a failure; it ends at once when the turn is stopped. */
  async #runAgain(queue: SessionQueue, ms: number): Promise<void> {
    queue.stop = new StopSwitch();
    await this.#pause(queue, ms);
    this.#goOn(queue);
  }

  /** The pause in which nothing more comes; it begins anew with each message that does. */
  async #collect(queue: SessionQueue, { channel }: Waiting): Promise<void> {
    const { collectFor } = channel.options;
    const latest = performance.now() + LONGEST_COLLECTED * collectFor;
    const left = () => Math.min(queue.cameAt + collectFor, latest) - performance.now();
    for (let ms = left(); ms > 0 && !this.#stopping.signal.aborted; ms = left()) await this.#pause(queue, ms);
    this.#goOn(queue);
  }

  async #resume(queue: SessionQueue, pauseMs: number): Promise<void> {
    queue.mode = 'pausing';
    await sleep(pauseMs, this.#stopping.signal);
    this.#goOn(queue);
  }

  async #pause(queue: SessionQueue, ms: number): Promise<void> {
    const woken = new AbortController();
    queue.mode = 'pausing';
    queue.wake = () => woken.abort('woken');
    await sleep(ms, woken.signal);
    queue.wake = undefined;
  }

  #goOn(queue: SessionQueue): void {
    queue.mode = 'waiting';
    this.#makeReady(queue);
  }
}
