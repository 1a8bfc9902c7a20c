import { LRUCache } from 'lru-cache';
import type { ChannelId, InboundMessage } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { textsIn } from '../../texts/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { EventBus } from '../events.ts';
import type { Announcer } from '../outbound/announcer.ts';
import type { TurnedAway } from './access.ts';
import type { Languages } from './languages.ts';
import { type OneTimeCodes, shownCode } from './one-time-codes.ts';

/** So many messages of a stranger are kept in the ledger, so that somebody can ask why; the others are counted. */
const KEPT_MESSAGES = 3;
/** So many strangers of a channel are remembered; what others write is counted only. */
const REMEMBERED_STRANGERS = 1_000;
/** A stranger hears from us at most once in this time, and so many of them on a channel; in milliseconds. */
const TOLD_EVERY_MS = 60 * 60_000;
const TOLD_PER_CHANNEL = 100;
/** After this long without a word, a stranger is forgotten; in milliseconds. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 60 * 60_000;

/**
 * Meets people whom nobody has let in. Whatever they do costs no model call, a bounded number of rows, and at most one answer
 * an hour: with a code that an admin can approve.
 */
export class Strangers {
  readonly #store: Store;
  readonly #codes: OneTimeCodes;
  readonly #announcer: Announcer;
  readonly #events: EventBus;
  readonly #languages: Languages;
  /** How many were told on a channel, within the hour. */
  readonly #told = new LRUCache<ChannelId, number>({ max: 1_000, ttl: TOLD_EVERY_MS });
  /** Who is being told at this moment. */
  readonly #meeting = new Set<string>();

  constructor(parts: {
    store: Store;
    codes: OneTimeCodes;
    announcer: Announcer;
    events: EventBus;
    languages: Languages;
  }) {
    this.#store = parts.store;
    this.#codes = parts.codes;
    this.#announcer = parts.announcer;
    this.#events = parts.events;
    this.#languages = parts.languages;
  }

  /** Counts a message that is turned away; says whether it is to be kept as well. To be called within a write. */
  knocked(channel: ChannelId, { sender, chat }: InboundMessage, now: number): boolean {
    const { strangers } = this.#store;
    const known = strangers.get(channel, sender.id);
    if (known === undefined && strangers.countOf(channel) >= REMEMBERED_STRANGERS) {
      strangers.removeOld(now - FORGOTTEN_AFTER_MS);
      strangers.tally();
      return false;
    }
    strangers.knocked(channel, sender, chat.kind === 'direct' ? chat.id : undefined, now);
    const isKept = (known?.messages ?? 0) < KEPT_MESSAGES;
    if (!isKept) strangers.tally();
    return isKept;
  }

  /** Gives a stranger the code to be let in with, and tells the owner; once in a while. */
  async meet(channel: Channel, message: InboundMessage, reason: TurnedAway): Promise<void> {
    const { id, access } = channel.options;
    const { chat, sender } = message;
    if (reason !== 'not_paired' || !this.#mayTell(id, message)) return;
    const who = `${id}\0${sender.id}`;
    this.#meeting.add(who);
    this.#told.set(id, (this.#told.get(id) ?? 0) + 1, { noUpdateTTL: true });
    try {
      const owner = { channel: id, sender: sender.id };
      const { code } = await this.#store.insist(() => {
        this.#store.strangers.told(owner, Date.now());
        return this.#codes.codeFor('pair', owner);
      });
      const shown = shownCode(code);
      this.#events.emit('stranger.asks', { channel: id, sender: sender.id, name: sender.name, code: shown });
      if (!access.tellStrangers) return;
      const { welcome } = textsIn(this.#languages.languageOf(id, sender)).chat;
      await this.#announcer.say(id, chat.id, welcome(shown));
    } finally {
      this.#meeting.delete(who);
    }
  }

  #mayTell(channel: ChannelId, { sender, change, text, attachments }: InboundMessage): boolean {
    if (change !== undefined || (text === '' && attachments === undefined)) return false;
    if (this.#meeting.has(`${channel}\0${sender.id}`)) return false;
    if ((this.#told.get(channel) ?? 0) >= TOLD_PER_CHANNEL) return false;
    const stranger = this.#store.strangers.get(channel, sender.id);
    return stranger !== undefined && (stranger.toldAt ?? 0) < Date.now() - TOLD_EVERY_MS;
  }
}
