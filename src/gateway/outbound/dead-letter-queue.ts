import type { ChannelId, InboundId, InboundMessage, OutboundId } from '../../contract/index.ts';
import type { DeadLetter, DeadLetterCount, DeadLetterFilter, Store } from '../../store/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import type { Inbox } from '../inbound/inbox.ts';
import type { Lanes } from './lanes.ts';
import { outgoingOf } from './outbox.ts';

/** How the dedupe key of a replayed message begins. */
const REPLAY = 'replay ';
/** Dead letters that are handled in one transaction. */
const BATCH = 200;

/**
 * The messages that the gateway gave up on, of both directions. They wait in the store, however many there are, until a
 * person replays or discards them; those that a lost connection is to blame for are replayed when it is back.
 */
export class DeadLetterQueue {
  readonly #store: Store;
  readonly #channels: ReadonlyMap<ChannelId, Channel>;
  readonly #lanes: Lanes;
  readonly #inbox: Inbox;
  readonly #events: EventBus;

  constructor(parts: {
    store: Store;
    channels: ReadonlyMap<ChannelId, Channel>;
    lanes: Lanes;
    inbox: Inbox;
    events: EventBus;
  }) {
    this.#store = parts.store;
    this.#channels = parts.channels;
    this.#lanes = parts.lanes;
    this.#inbox = parts.inbox;
    this.#events = parts.events;
    parts.events.on('channel.state', ({ channel, state }) => {
      if (state === 'connected') void this.#drain(channel);
    });
  }

  /**
   * Tries them again: an outgoing one under its own id, so that a platform that deduplicates still can; an incoming one as
   * a new message, because its turn has ended. Returns how many; those of channels that are off stay, and so does what can
   * still not be read.
   */
  async replay(filter: DeadLetterFilter): Promise<number> {
    let count = 0;
    for (const letters of batches(this.#store.deadLetters.list(filter))) {
      const able = letters.filter(({ channel }) => this.#channels.has(channel));
      const outgoing = able.filter(({ direction }) => direction === 'out');
      await this.#replayOutbound(outgoing);
      count += outgoing.length;
      for (const letter of able) {
        if (letter.direction === 'in' && (await this.#replayInbound(letter))) count += 1;
      }
    }
    if (count > 0) this.#events.emit('dead_letters.replayed', { count });
    return count;
  }

  /** Oldest first, one at a time. */
  list(filter: DeadLetterFilter = {}): Iterable<DeadLetter> {
    return this.#store.deadLetters.list(filter);
  }

  /** Puts them away for good, with a reason. Returns how many. */
  async discard(filter: DeadLetterFilter, reason: string): Promise<number> {
    let count = 0;
    for (const letters of batches(this.#store.deadLetters.list(filter))) {
      await this.#store.insist(() => {
        for (const letter of letters) this.#store.deadLetters.resolve(letter, `discarded: ${reason}`);
      });
      count += letters.length;
    }
    return count;
  }

  /** How many wait, by channel. */
  counts(): DeadLetterCount[] {
    return this.#store.deadLetters.counts();
  }

  /** What only a working connection was missing. */
  async #drain(channel: ChannelId): Promise<void> {
    try {
      await this.replay({ channel, direction: 'out', kind: 'exhausted' });
    } catch (error) {
      this.#events.emit('internal.error', { where: `dead letters of channel ${channel}`, error });
    }
  }

  async #replayOutbound(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.#store.insist(() => {
      for (const { id } of letters) this.#store.deadLetters.revive(id as OutboundId);
    });
    for (const { id } of letters) {
      const row = this.#store.outbox.openOne(id as OutboundId);
      const chat = row && this.#store.chats.get(row.chat);
      const channel = chat && this.#channels.get(chat.channel);
      if (row && chat && channel) this.#lanes.add([outgoingOf(row, chat.chat)], channel);
    }
  }

  async #replayInbound(letter: DeadLetter): Promise<boolean> {
    const channel = this.#channels.get(letter.channel);
    if (channel === undefined) return false;
    const id = letter.id as InboundId;
    const message =
      letter.kind === 'unreadable' ? readAgain(channel, letter.text) : this.#store.inbox.message(id);
    if (message === 'unreadable') return false;
    if (message === undefined) {
      await this.#store.insist(() => this.#store.deadLetters.resolve(letter, 'replayed: it is no message'));
      return true;
    }
    // First the copy, then the mark: a kill in between finds the copy by its key, and makes no second one.
    const dedupeKey = `${REPLAY}${id}`;
    await this.#inbox.receive(channel, { messages: [{ ...message, dedupeKey, sentAt: Date.now() }] });
    await this.#store.insist(() => this.#store.deadLetters.resolve(letter, 'replayed'));
    return true;
  }
}

/** Whether it was given up before: then the person knows, and the owner is the one who asked. */
export function isReplay({ dedupeKey }: InboundMessage): boolean {
  return dedupeKey.startsWith(REPLAY);
}

/** An event that could not be read may be readable to a newer adapter. */
function readAgain({ adapter }: Channel, payload: string): InboundMessage | undefined | 'unreadable' {
  try {
    return adapter.normalize(JSON.parse(payload));
  } catch {
    return 'unreadable';
  }
}

function* batches(letters: Iterable<DeadLetter>): Generator<DeadLetter[]> {
  // All of them first, since a replay writes to the tables that are being read; but not their texts.
  const all: DeadLetter[] = [];
  for (const letter of letters) all.push(letter.kind === 'unreadable' ? letter : { ...letter, text: '' });
  for (let from = 0; from < all.length; from += BATCH) yield all.slice(from, from + BATCH);
}
