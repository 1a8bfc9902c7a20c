import { LRUCache } from 'lru-cache';
import {
  ChannelError,
  type ChannelId,
  type ChatId,
  type Contact,
  type InboundMessage,
} from '../../contract/index.ts';
import type { Identity, Store } from '../../store/index.ts';
import { type Texts, textsIn } from '../../texts/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import type { Announcer } from '../outbound/announcer.ts';
import type { Settings } from '../settings.ts';
import { isHeardDirectly } from './access.ts';
import type { IdentityResolver } from './identity-resolver.ts';
import type { Languages } from './languages.ts';
import { type OneTimeCodes, shownCode } from './one-time-codes.ts';

/**
 * How long what a platform told is kept, in milliseconds; after that it is asked anew, when somebody writes. In the USA a number is
 * given to somebody else after 45 days at the earliest (47 CFR 52.15(f)(1)(ii)).
 */
export const CONTACTS_KEPT_MS = 30 * 24 * 60 * 60_000;
/** How long an adapter may take to tell, in milliseconds. */
const PATIENCE_MS = 30_000;
/** After a failure, who writes is asked about again after this long, in milliseconds. */
const AGAIN_AFTER_MS = 60 * 60_000;
const REMEMBERED = 10_000;

/** That somebody here seems to be somebody there, who holds the code that makes them one. */
interface Proposal {
  readonly other: Identity;
  readonly there: ChatId;
  readonly code: string;
  readonly minutes: number;
}

/**
 * Notices that who writes on one channel seems to write on another as well, since both platforms know them by the same phone
 * number or e-mail address, and proposes to make that one conversation. The address alone proves nothing: numbers are given to
 * other people, and organisations write down what they like. So the code is said there, and typing it here proves both sides.
 */
export class LinkProposals {
  readonly #store: Store;
  readonly #identities: IdentityResolver;
  readonly #codes: OneTimeCodes;
  readonly #announcer: Announcer;
  readonly #languages: Languages;
  readonly #events: EventBus;
  readonly #channels: ReadonlyMap<ChannelId, Channel>;
  readonly #settings: Pick<Settings, 'proposeLinks'>;
  /** Who was looked at within the hour, so that most messages cost nothing. */
  readonly #lookedAt = new LRUCache<string, true>({
    max: REMEMBERED,
    ttl: AGAIN_AFTER_MS,
    perf: { now: () => Date.now() },
  });
  /** Channels that could not tell when they were asked last: each is complained about once. */
  readonly #failing = new Set<ChannelId>();
  readonly #stopping = new AbortController();

  constructor(parts: {
    store: Store;
    identities: IdentityResolver;
    codes: OneTimeCodes;
    announcer: Announcer;
    languages: Languages;
    events: EventBus;
    /** A live view. */
    channels: ReadonlyMap<ChannelId, Channel>;
    settings: Pick<Settings, 'proposeLinks'>;
  }) {
    this.#store = parts.store;
    this.#identities = parts.identities;
    this.#codes = parts.codes;
    this.#announcer = parts.announcer;
    this.#languages = parts.languages;
    this.#events = parts.events;
    this.#channels = parts.channels;
    this.#settings = parts.settings;
  }

  /** Forgets, in the background, what is known of people on channels that are no longer in a pair. */
  forgetUnpaired(): void {
    const paired = new Set(this.#settings.proposeLinks.flat());
    const forgotten = this.#store.insist(() => this.#store.contacts.removeOthers([...paired]));
    this.#inBackground(forgotten);
  }

  /** What is under way is left undone: the next process asks again. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Somebody who is heard wrote. Returns at once; what is to be asked is asked in the background. */
  heard(channel: Channel, { chat, sender }: InboundMessage): void {
    const { id } = channel.options;
    const partners = this.#partnersOf(id);
    if (partners.length === 0 || chat.kind !== 'direct' || sender.bot === true) return;
    const who = `${id}\0${sender.id}`;
    if (this.#lookedAt.has(who)) return;
    this.#lookedAt.set(who, true);
    const identity = this.#identities.find(id, sender.id)?.identity;
    if (identity === undefined || this.#store.contacts.wasAsked(identity, Date.now() - CONTACTS_KEPT_MS))
      return;
    this.#inBackground(this.#look(channel, identity, chat.id, partners));
  }

  /** The other channels of a channel's pairs. */
  #partnersOf(id: ChannelId): ChannelId[] {
    return this.#settings.proposeLinks.flatMap(([one, other]) =>
      one === id ? [other] : other === id ? [one] : [],
    );
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#stopping.signal.aborted)
        this.#events.emit('internal.error', { where: 'link proposals', error });
    });
  }

  async #look(channel: Channel, who: Identity, here: ChatId, partners: readonly ChannelId[]): Promise<void> {
    const contact = await this.#ask(channel, who);
    if (contact === undefined) return;
    const proposal = await this.#store.insist(() => this.#propose(who, contact, partners));
    if (proposal === undefined) return;
    const { other, there, code, minutes } = proposal;
    const codeOf = this.#textsIn(other.channel, there).code;
    await this.#announcer.say(other.channel, there, codeOf(who.channel, code, minutes));
    const lookThere = this.#textsIn(who.channel, here).lookThere;
    await this.#announcer.say(who.channel, here, lookThere(other.channel, minutes));
  }

  #textsIn(channel: ChannelId, chat: ChatId): Texts['chat']['samePerson'] {
    return textsIn(this.#languages.languageIn(channel, chat)).chat.samePerson;
  }

  async #ask({ adapter }: Channel, { channel, sender }: Identity): Promise<Contact | undefined> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const contact = await adapter.contactOf?.(sender, signal);
      this.#failing.delete(channel);
      return contact;
    } catch (error) {
      if (this.#stopping.signal.aborted || this.#failing.has(channel)) return undefined;
      this.#failing.add(channel);
      const { message: reason, hint } = ChannelError.from(error);
      const message = 'who somebody is on other channels cannot be found out';
      this.#events.emit('channel.log', { channel, level: 'warn', message, fields: { reason, hint } });
      return undefined;
    }
  }

  /** Within a write: keeps the contact, and makes the code if there is somebody to link with. */
  #propose(who: Identity, contact: Contact, partners: readonly ChannelId[]): Proposal | undefined {
    const { apart, chats, contacts, identities } = this.#store;
    const now = Date.now();
    contacts.put(who, contact, now);
    const user = identities.get(who.channel, who.sender)?.user ?? who.user; // they may have been linked meanwhile
    for (const { channel, sender } of contacts.alike(who, contact, partners, now - CONTACTS_KEPT_MS)) {
      const other = identities.get(channel, sender);
      const person = this.#identities.find(channel, sender);
      const access = this.#channels.get(channel)?.options.access;
      const there = chats.directOf(channel, sender).at(-1)?.chat.id;
      if (!other || !person || !access || there === undefined || !isHeardDirectly(person, access)) continue;
      if (other.user === user || apart.areApart(user, other.user)) continue;
      apart.put(who, other);
      const { code, expiresAt } = this.#codes.codeFor('link', { channel, sender });
      const minutes = Math.max(1, Math.round((expiresAt - now) / 60_000));
      return { other, there, code: shownCode(code), minutes };
    }
    return undefined;
  }
}
