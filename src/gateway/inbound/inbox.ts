import { LRUCache } from 'lru-cache';
import type {
  ChannelId,
  InboundBatch,
  InboundId,
  InboundMessage,
  UnreadableEvent,
} from '../../contract/index.ts';
import { COMMAND, idText, type Store } from '../../store/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import type { SessionOptions } from '../options.ts';
import { type IgnoredReason, isTurnedAway, reasonToIgnore } from '../people/access.ts';
import type { Destinations } from '../people/destination.ts';
import type { IdentityResolver } from '../people/identity-resolver.ts';
import type { Languages } from '../people/languages.ts';
import type { LinkProposals } from '../people/link-proposals.ts';
import type { People } from '../people/people.ts';
import type { Strangers } from '../people/strangers.ts';
import type { TurnScheduler } from '../turns/turn-scheduler.ts';
import { taken } from './choices.ts';
import type { CommandRunner } from './command-runner.ts';
import { commandIn } from './commands.ts';
import type { LoopBreaker } from './loop-breaker.ts';
import type { Route, Router } from './router.ts';

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
  readonly reason: IgnoredReason | undefined;
  /** Absent for whom we turn away: they have no conversation. */
  readonly route: Route | undefined;
  readonly isCommand: boolean;
  claimed: boolean;
}

type Look = Omit<Arrival, 'id' | 'claimed'>;

const ALBUMS_REMEMBERED = 1_000;
/** A command that comes later than this was meant for another time; in milliseconds. */
const COMMAND_WITHIN_MS = 60 * 60_000;

/** What became of each message of a batch: `counted` without a row of its own. */
type Fate = 'new' | 'known' | 'counted';

/** What of a batch was new, and the unreadable events themselves. */
interface Inserted {
  readonly messages: readonly Fate[];
  readonly unreadable: readonly UnreadableEvent[];
  /** Somebody wrote where their answers go to. */
  readonly arrived: boolean;
}

/** Takes messages from the adapters: decides who is heard, writes them down, and hands them on once they are on disk. */
export class Inbox {
  readonly #store: Store;
  readonly #router: Router;
  readonly #identities: IdentityResolver;
  readonly #destinations: Destinations;
  readonly #people: People;
  readonly #strangers: Strangers;
  readonly #commands: CommandRunner;
  readonly #turns: TurnScheduler;
  readonly #languages: Languages;
  readonly #loops: LoopBreaker;
  readonly #linkProposals: LinkProposals;
  /** Albums with a part that is addressed to us: then all of it is, though only one part carries the words. */
  readonly #albums = new LRUCache<string, true>({ max: ALBUMS_REMEMBERED });
  readonly #events: EventBus;
  readonly #options: SessionOptions;

  constructor(parts: {
    store: Store;
    router: Router;
    identities: IdentityResolver;
    destinations: Destinations;
    people: People;
    strangers: Strangers;
    commands: CommandRunner;
    turns: TurnScheduler;
    languages: Languages;
    loops: LoopBreaker;
    linkProposals: LinkProposals;
    events: EventBus;
    options: SessionOptions;
  }) {
    this.#options = parts.options;
    this.#store = parts.store;
    this.#router = parts.router;
    this.#identities = parts.identities;
    this.#destinations = parts.destinations;
    this.#people = parts.people;
    this.#strangers = parts.strangers;
    this.#commands = parts.commands;
    this.#turns = parts.turns;
    this.#languages = parts.languages;
    this.#loops = parts.loops;
    this.#linkProposals = parts.linkProposals;
    this.#events = parts.events;
  }

  /** Resolves when the whole batch is on disk, rejects when nothing of it is. See AdapterHost.receive. */
  async receive(channel: Channel, batch: InboundBatch): Promise<void> {
    // Ids before anything is awaited: they say who came first.
    const ids = batch.messages.map(() => idText<InboundId>(this.#store.ids.next()));
    const looked = batch.messages.map((message) => this.#look(message, channel));
    const arrivals = looked.some((arrival) => arrival instanceof Promise)
      ? await Promise.all(looked)
      : (looked as Look[]);
    const all = arrivals.map(
      (arrival, index): Arrival => ({ ...arrival, id: ids[index] as InboundId, claimed: false }),
    );
    for (const arrival of all) {
      const { reason, message, route, isCommand } = arrival;
      // The parts of an album wait for each other.
      if (reason === undefined && route !== undefined && message.album === undefined && !isCommand)
        arrival.claimed = this.#turns.claim(route.session, route.agent);
    }
    let inserted: Inserted;
    try {
      inserted = await this.#store.write(() => this.#insert(channel.options.id, all, batch));
    } catch (error) {
      for (const { claimed, route } of all) if (claimed && route) this.#turns.withdraw(route.session);
      throw error;
    }
    if (inserted.arrived) this.#identities.forget();
    for (const [index, arrival] of all.entries()) {
      this.#handOn(channel, arrival, inserted.messages[index] as Fate);
    }
    for (const { dedupeKey, error } of inserted.unreadable) {
      this.#events.emit('inbound.unreadable', { channel: channel.options.id, dedupeKey, error });
    }
  }

  /** Decides who is heard, and finds where the message belongs. */
  #look(message: InboundMessage, channel: Channel): Look | Promise<Look> {
    const { id, access } = channel.options;
    this.#languages.heard(id, message.sender);
    const person = this.#identities.find(id, message.sender.id);
    const reason = reasonToIgnore(this.#ofAlbum(message, channel), access, person, Date.now());
    if (isTurnedAway(reason) && !(reason === 'not_paired' && this.#claims(id, message))) {
      return { message, json: JSON.stringify(message), reason, route: undefined, isCommand: false };
    }
    const known = isTurnedAway(reason) ? undefined : reason;
    const route = this.#router.route(channel.options, message);
    return route instanceof Promise
      ? route.then((found) => this.#decide(message, found, channel, known))
      : this.#decide(message, route, channel, known);
  }

  /** A stranger who has the owner's code is let in by it. */
  #claims(channel: ChannelId, message: InboundMessage): boolean {
    const given = message.chat.kind === 'direct' ? commandIn(message) : undefined;
    return given?.name === 'claim' && this.#people.mayClaim(channel, message.sender.id, given.rest);
  }

  #decide(said: InboundMessage, route: Route, channel: Channel, known: IgnoredReason | undefined): Look {
    const isCommand = known === undefined && this.#commands.find(said) !== undefined;
    const message = isCommand ? said : this.#understood(said, route, channel);
    const reason = known ?? this.#reasonNow(message, route, channel, isCommand);
    const json = JSON.stringify(reason === 'too_late' ? { ...message, tooLate: true } : message);
    return { message, json, reason, route, isCommand: isCommand && reason === undefined };
  }

  /** What only the chat as a whole tells: that a number means a choice, and that an album is addressed to us. */
  #understood(said: InboundMessage, { chat }: Route, channel: Channel): InboundMessage {
    const message = taken(said, channel.adapter.capabilities, () => this.#store.outbox.latestChoices(chat));
    return this.#ofAlbum(message, channel);
  }

  #ofAlbum(message: InboundMessage, { options }: Channel): InboundMessage {
    if (message.album === undefined) return message;
    const album = `${options.id} ${message.chat.id} ${message.album}`;
    if (message.addressed) this.#albums.set(album, true);
    return this.#albums.has(album) ? { ...message, addressed: true } : message;
  }

  /** What speaks against it at this moment. */
  #reasonNow(
    message: InboundMessage,
    { chat, session }: Route,
    { options, adapter }: Channel,
    isCommand: boolean,
  ): IgnoredReason | undefined {
    const now = Date.now();
    if (isCommand) return now - message.sentAt > COMMAND_WITHIN_MS ? 'command_too_late' : undefined;
    if (this.#turns.waiting(session) >= this.#options.maxWaiting) return 'too_many';
    const maybeBot = message.sender.bot === true || adapter.capabilities.botsUnmarked === true;
    return maybeBot && this.#loops.isLoop(chat, options.access.loopLimit, now) ? 'loop' : undefined;
  }

  #insert(channel: ChannelId, arrivals: readonly Arrival[], batch: InboundBatch): Inserted {
    const receivedAt = Date.now();
    let arrived = false;
    const messages = arrivals.map((arrival): Fate => {
      const { id, message, json, reason, route, claimed, isCommand } = arrival;
      if (route === undefined && !this.#strangers.knocked(channel, message, receivedAt)) return 'counted';
      const isNew = this.#store.inbox.insert({
        id,
        channel,
        dedupeKey: message.dedupeKey,
        chat: route?.chat ?? this.#store.chats.refOf(channel, message.chat),
        session: route?.session,
        message: json,
        state: reason !== undefined ? 'ignored' : claimed || isCommand ? 'running' : 'queued',
        reason: isCommand ? COMMAND : reason,
        receivedAt,
      });
      if (isNew && reason === undefined && this.#arrives(channel, arrival)) arrived = true;
      return isNew ? 'new' : 'known';
    });
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
    return { messages, unreadable, arrived };
  }

  /** Within a write: whether the person writes where their answers go to; then they have arrived. */
  #arrives(channel: ChannelId, { message, route }: Arrival): boolean {
    if (route === undefined || !this.#destinations.isArrival(channel, route.chat, message)) return false;
    const person = this.#identities.find(channel, message.sender.id);
    if (person !== undefined) this.#people.arrived(person.user);
    return person !== undefined;
  }

  #handOn(channel: Channel, arrival: Arrival, fate: Fate): void {
    const { id, message, reason, route, claimed, isCommand } = arrival;
    const about = { id, channel: channel.options.id, chat: message.chat.id };
    if (fate === 'known') {
      if (claimed && route) this.#turns.withdraw(route.session);
      this.#events.emit('inbound.duplicate', { channel: about.channel, dedupeKey: message.dedupeKey });
    } else if (reason !== undefined || route === undefined) {
      if (route && isNoted(reason)) this.#turns.note(route.chat);
      const turnedAway = isTurnedAway(reason);
      if (turnedAway) {
        this.#strangers
          .meet(channel, message, reason)
          .catch((error) => this.#events.emit('internal.error', { where: 'strangers', error }));
      }
      this.#events.emit('inbound.ignored', {
        ...about,
        sender: message.sender.id,
        reason: reason ?? '',
        turnedAway,
        kept: fate === 'new',
      });
    } else {
      const { session, chat: chatRef } = route;
      this.#events.emit('inbound.queued', { ...about, session });
      if (isCommand) this.#commands.run({ id, channel, chatRef, session, message });
      else {
        this.#turns.add(session, { id, channel, chatRef, message, attempts: claimed ? 1 : 0, claimed });
        this.#linkProposals.heard(channel, message);
      }
    }
  }
}

/** Whether the next turn of its chat is told of it. */
function isNoted(reason: IgnoredReason | undefined): boolean {
  return reason === 'noted' || reason === 'too_late' || reason === 'not_addressed';
}
