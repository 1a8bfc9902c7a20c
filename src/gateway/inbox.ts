import { LRUCache } from 'lru-cache';
import type {
  ChannelId,
  InboundBatch,
  InboundId,
  InboundMessage,
  UnreadableEvent,
} from '../contract/index.ts';
import { idText, type Store } from '../store/index.ts';
import { type IgnoredReason, reasonToIgnore } from './access.ts';
import type { Channel } from './channel.ts';
import { taken } from './choices.ts';
import type { EventBus } from './events.ts';
import type { LoopBreaker } from './loop-breaker.ts';
import type { Route, Router } from './router.ts';
import type { TurnScheduler } from './turn-scheduler.ts';

/**
 * One inbound message on its way. It is always in one of these states:
 *
 * - `ignored`: not for us; the reason is kept. Final.
 * - `queued`: waits for its turn.
 * - `running`: an agent is at it; after a kill it is run again.
 * - `answered`: its turn ended, and what is to be said is in the outbox. Final.
 * - `superseded`: a later message took its place; what was said till then is kept. Final.
 * - `dead`: the gateway gave up on it; the reason is kept. Final, until a person replays it.
 */
interface Arrival {
  readonly id: InboundId;
  readonly message: InboundMessage;
  readonly json: string;
  readonly reason: string | undefined;
  readonly route: Route;
  claimed: boolean;
}

const ALBUMS_REMEMBERED = 1_000;

/** What of a batch was new: a flag for each message, and the unreadable events themselves. */
interface Inserted {
  readonly messages: readonly boolean[];
  readonly unreadable: readonly UnreadableEvent[];
}

/** Takes messages from the adapters: decides who is heard, writes them down, and hands them on once they are on disk. */
export class Inbox {
  readonly #store: Store;
  readonly #router: Router;
  readonly #turns: TurnScheduler;
  readonly #loops: LoopBreaker;
  /** Albums with a part that is addressed to us: then all of it is, though only one part carries the words. */
  readonly #albums = new LRUCache<string, true>({ max: ALBUMS_REMEMBERED });
  readonly #events: EventBus;
  readonly #maxWaiting: number;

  constructor(parts: {
    store: Store;
    router: Router;
    turns: TurnScheduler;
    loops: LoopBreaker;
    events: EventBus;
    /** See SessionOptions. */
    maxWaiting: number;
  }) {
    this.#maxWaiting = parts.maxWaiting;
    this.#store = parts.store;
    this.#router = parts.router;
    this.#turns = parts.turns;
    this.#loops = parts.loops;
    this.#events = parts.events;
  }

  /** Resolves when the whole batch is on disk, rejects when nothing of it is. See AdapterHost.receive. */
  async receive(channel: Channel, batch: InboundBatch): Promise<void> {
    const { id, agent } = channel.options;
    const routes = batch.messages.map((message) => this.#router.route(id, agent, message));
    // Ids before anything is awaited: they say who came first.
    const ids = batch.messages.map(() => idText<InboundId>(this.#store.ids.next()));
    const known = routes.some((route) => route instanceof Promise)
      ? await Promise.all(routes)
      : (routes as Route[]);
    const arrivals = batch.messages.map((said, index): Arrival => {
      const route = known[index] as Route;
      const message = this.#understood(said, route, channel);
      const reason = this.#reasonToIgnore(message, route, channel);
      const json = JSON.stringify(reason === 'too_late' ? { ...message, tooLate: true } : message);
      return { id: ids[index] as InboundId, message, json, reason, route, claimed: false };
    });
    for (const arrival of arrivals) {
      const { reason, message } = arrival;
      // The parts of an album wait for each other.
      if (reason === undefined && message.album === undefined)
        arrival.claimed = this.#turns.claim(arrival.route.session);
    }
    let inserted: Inserted;
    try {
      inserted = await this.#store.write(() => this.#insert(channel.options.id, arrivals, batch));
    } catch (error) {
      for (const arrival of arrivals) if (arrival.claimed) this.#turns.withdraw(arrival.route.session);
      throw error;
    }
    for (const [index, arrival] of arrivals.entries()) {
      this.#handOn(channel, arrival, inserted.messages[index] === true);
    }
    for (const { dedupeKey, error } of inserted.unreadable) {
      this.#events.emit('inbound.unreadable', { channel: channel.options.id, dedupeKey, error });
    }
  }

  /** What only the chat as a whole tells: that a number means a choice, and that an album is addressed to us. */
  #understood(said: InboundMessage, { chat }: Route, { adapter }: Channel): InboundMessage {
    const message = taken(said, adapter.capabilities, () => this.#store.outbox.latestChoices(chat));
    if (message.album === undefined) return message;
    const album = `${chat} ${message.album}`;
    if (message.addressed) this.#albums.set(album, true);
    return this.#albums.has(album) ? { ...message, addressed: true } : message;
  }

  #reasonToIgnore(
    message: InboundMessage,
    { chat, session }: Route,
    channel: Channel,
  ): IgnoredReason | undefined {
    const { access } = channel.options;
    const reason = reasonToIgnore(message, access, Date.now());
    if (reason !== undefined) return reason;
    if (this.#turns.waiting(session) >= this.#maxWaiting) return 'too_many';
    const maybeBot = message.sender.bot === true || channel.adapter.capabilities.botsUnmarked === true;
    return maybeBot && this.#loops.isLoop(chat, access.loopLimit, Date.now()) ? 'loop' : undefined;
  }

  #insert(channel: ChannelId, arrivals: readonly Arrival[], batch: InboundBatch): Inserted {
    const receivedAt = Date.now();
    const messages = arrivals.map(({ id, message, json, reason, route, claimed }) =>
      this.#store.inbox.insert({
        id,
        channel,
        dedupeKey: message.dedupeKey,
        chat: route.chat,
        session: route.session,
        message: json,
        state: reason !== undefined ? 'ignored' : claimed ? 'running' : 'queued',
        reason,
        receivedAt,
      }),
    );
    const unreadable = (batch.unreadable ?? []).filter(({ dedupeKey, payload, error }) =>
      this.#store.inbox.insert({
        id: idText<InboundId>(this.#store.ids.next()),
        channel,
        dedupeKey,
        chat: undefined,
        session: undefined,
        message: payload,
        state: 'dead',
        reason: `unreadable: ${error}`,
        receivedAt,
      }),
    );
    if (batch.cursor !== undefined) this.#store.cursors.put(channel, batch.cursor);
    return { messages, unreadable };
  }

  #handOn(channel: Channel, arrival: Arrival, inserted: boolean): void {
    const { id, message, reason, route, claimed } = arrival;
    const about = { id, channel: channel.options.id, chat: message.chat.id };
    if (!inserted) {
      if (claimed) this.#turns.withdraw(route.session);
      this.#events.emit('inbound.duplicate', { channel: about.channel, dedupeKey: message.dedupeKey });
    } else if (reason !== undefined) {
      if (reason === 'noted' || reason === 'too_late' || reason === 'not_addressed')
        this.#turns.note(route.chat);
      this.#events.emit('inbound.ignored', { ...about, sender: message.sender.id, reason });
    } else {
      this.#events.emit('inbound.queued', { ...about, session: route.session });
      const attempts = claimed ? 1 : 0;
      this.#turns.add(route.session, { id, channel, chatRef: route.chat, message, attempts, claimed });
    }
  }
}
