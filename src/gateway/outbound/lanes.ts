import type { ChannelId, ChatId, OutboundId } from '../../contract/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import { Fifo } from '../fifo.ts';
import { sleep } from '../timing.ts';
import { mayHavePreview, type Outbox, type Outgoing } from './outbox.ts';

/** The texts of waiting messages are kept in memory up to this number; beyond it they are read when they are due. */
const TEXTS_IN_MEMORY = 5_000;
/** No message is to wait longer than this for its next attempt, in milliseconds; only a clock that was set back says so. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/** A lane that has something to say. */
export interface LaneLoad {
  readonly channel: ChannelId;
  readonly chat: ChatId;
  /** The message that is first in it. */
  readonly head: OutboundId;
  readonly state: Outgoing['state'];
  readonly attempts: number;
  /** When the first one may be tried (again); epoch milliseconds. */
  readonly notBefore: number;
  /** Since when the first one is in the outbox; epoch milliseconds. */
  readonly since: number;
  readonly messages: number;
}

interface Lane {
  readonly channel: Channel;
  readonly queue: Fifo<Outgoing>;
  /** The attempt that is under way, or the last one. */
  attempt: Promise<boolean>;
}

/**
 * The lanes: one FIFO for each chat with something to say. Its head is tried until it is sent or dead, and only then
 * the next one: order within a chat. Lanes know nothing of each other: a stuck one blocks nobody.
 */
export class Lanes {
  readonly #outbox: Outbox;
  readonly #events: EventBus;
  readonly #lanes = new Map<number, Lane>();
  /** Channels that begin no attempt, each with what tells that they may again. */
  readonly #held = new Map<Channel, PromiseWithResolvers<void>>();
  readonly #stopping = new AbortController();
  #inMemory = 0;
  #inFlight = 0;
  #onIdle: (() => void) | undefined;

  constructor(outbox: Outbox, events: EventBus) {
    this.#outbox = outbox;
    this.#events = events;
  }

  /**
   * Whether a new message of this chat could be sent this moment. If so its tokens are taken, and the caller stores it as
   * `sending` right away, which saves a commit.
   */
  claim(chatRef: number, kind: Outgoing['chat']['kind'], channel: Channel): boolean {
    return (
      !this.#stopping.signal.aborted &&
      !this.#lanes.has(chatRef) &&
      !this.#held.has(channel) &&
      channel.health.state === 'connected' &&
      channel.limiter.tryTake(chatRef, kind)
    );
  }

  /** Takes messages of one chat that are on disk, in order. */
  add(messages: readonly Outgoing[], channel: Channel): void {
    const first = messages[0];
    if (first === undefined) return;
    const known = this.#lanes.get(first.chatRef);
    const lane = known ?? { channel, queue: new Fifo(), attempt: Promise.resolve(true) };
    for (const message of messages) {
      if (message.content !== undefined) {
        if (this.#inMemory < TEXTS_IN_MEMORY) this.#inMemory += 1;
        else delete message.content;
      }
      lane.queue.push(message);
    }
    if (known === undefined) {
      this.#lanes.set(first.chatRef, lane);
      void this.#run(first.chatRef, lane);
    }
  }

  /**
   * Its adapter is to go: has a channel begin no attempt until `release`. Resolves when those under way have ended, but waits
   * `graceMs` for them at most: what is cut off then counts as unknown.
   */
  async hold(channel: Channel, graceMs: number): Promise<void> {
    this.#held.set(channel, Promise.withResolvers());
    const underWay = [...this.#lanes.values()]
      .filter((lane) => lane.channel === channel)
      .map(({ attempt }) => attempt);
    const ended = new AbortController();
    void Promise.all(underWay).then(() => ended.abort());
    await sleep(graceMs, AbortSignal.any([ended.signal, this.#stopping.signal]));
  }

  release(channel: Channel): void {
    for (const lane of this.#lanes.values()) if (lane.channel === channel) losePreviews(lane);
    this.#held.get(channel)?.resolve();
    this.#held.delete(channel);
  }

  /** What waits in each lane: O(lanes). */
  *load(): Generator<LaneLoad> {
    for (const { channel, queue } of this.#lanes.values()) {
      const head = queue.peek();
      if (head === undefined) continue;
      const { id, chat, state, attempts, notBefore, createdAt: since } = head;
      const about = { channel: channel.options.id, chat: chat.id, head: id };
      yield { ...about, state, messages: queue.length, attempts, notBefore, since };
    }
  }

  /** Begins no further attempt, and waits at most `graceMs` for those under way. One that is cut off counts as unknown. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    if (this.#inFlight === 0) return;
    const grace = new AbortController();
    this.#onIdle = () => grace.abort();
    await sleep(graceMs, grace.signal);
  }

  async #run(chatRef: number, lane: Lane): Promise<void> {
    for (let head = lane.queue.peek(); head !== undefined; head = lane.queue.peek()) {
      // One that was claimed as `sending` has its tokens and its place on disk already.
      if (head.state !== 'sending') await this.#untilDue(head, lane.channel);
      // Asked last, with nothing to wait for between this and the attempt.
      while (this.#held.has(lane.channel)) await this.#released(lane.channel);
      if (this.#stopping.signal.aborted) return;
      lane.attempt = this.#attempt(head, lane.channel);
      if (!(await lane.attempt)) continue;
      lane.queue.shift();
      if (head.content !== undefined) this.#inMemory -= 1;
    }
    this.#lanes.delete(chatRef);
  }

  /** True when the lane can go on to the next message. */
  async #attempt(head: Outgoing, channel: Channel): Promise<boolean> {
    this.#inFlight += 1;
    try {
      return await this.#outbox.attempt(head, channel);
    } catch (error) {
      // The store closes (the next process goes on), or a mistake of ours: that message stays on disk, the lane goes on.
      if (!this.#stopping.signal.aborted)
        this.#events.emit('internal.error', { where: `message ${head.id}`, error });
      return true;
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#onIdle?.();
    }
  }

  /** The connection may be another one by now, or none. */
  async #released(channel: Channel): Promise<void> {
    await this.#held.get(channel)?.promise;
    await channel.health.connected();
  }

  async #untilDue(head: Outgoing, channel: Channel): Promise<void> {
    const stopping = this.#stopping.signal;
    // Once only: the clock may be set back meanwhile, and nobody shall wait for that.
    const early = Math.min(head.notBefore - Date.now(), LONGEST_WAIT_MS);
    if (early > 0) await sleep(early, stopping);
    await channel.health.connected();
    const wait = channel.limiter.reserve(head.chatRef, head.chat.kind);
    if (wait > 0) {
      await sleep(wait, stopping);
      await channel.health.connected();
    }
  }
}

/** What the adapter that went has shown, the one that comes does not know. */
function losePreviews({ queue }: Lane): void {
  for (let index = 0; index < queue.length; index += 1) {
    const message = queue.at(index);
    if (message !== undefined) message.previewLost ||= mayHavePreview(message.id);
  }
}
