import type { ChannelId, ChatId, OutboundId } from '../../contract/index.ts';
import { type Texts, textsIn } from '../../texts/index.ts';
import type { ChannelState } from '../channels/channel-health-monitor.ts';
import type { EventBus } from '../events.ts';
import type { Languages } from '../people/languages.ts';
import type { Announcer } from './announcer.ts';

/** When the owner is told; in milliseconds. */
export interface NoticePace {
  /** Troubles that come together are told together: the first is told after this long. */
  readonly gatherMs: number;
  /** After that, the owner is told no more often than this. */
  readonly quietMs: number;
}

const PACE: NoticePace = { gatherMs: 5_000, quietMs: 10 * 60_000 };
/** A channel that cannot connect is told of after so many failures in a row; the first ones are everyday life. */
const FAILURES = 5;

/** Where the owner reads what needs a person. */
export interface OwnerAddress {
  readonly channel: ChannelId;
  readonly chat: ChatId;
}

/** What is told of a trouble that came `count` times. */
type Words = (texts: Texts['owner'], count: number) => string;

interface Trouble {
  readonly words: Words;
  /** Where it happened, if it happened on a channel. */
  readonly channel: ChannelId | undefined;
  count: number;
}

/**
 * Tells the owner, in a chat, of what needs a person: once, gathered, and on a channel that works. It tells what happened
 * and which command shows more, never what somebody wrote.
 */
export class OwnerNotices {
  readonly #addresses: () => readonly OwnerAddress[];
  readonly #announcer: Announcer;
  readonly #languages: Languages;
  readonly #stateOf: (channel: ChannelId) => ChannelState | undefined;
  readonly #pace: NoticePace;
  /** Troubles not yet told, by what they are about; the same again only counts. */
  readonly #troubles = new Map<string, Trouble>();
  readonly #own = new Set<OutboundId>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #toldAt = 0;

  constructor(parts: {
    /** In order of preference. */
    addresses: () => readonly OwnerAddress[];
    announcer: Announcer;
    languages: Languages;
    events: EventBus;
    stateOf: (channel: ChannelId) => ChannelState | undefined;
    pace?: NoticePace | undefined;
  }) {
    this.#pace = parts.pace ?? PACE;
    this.#addresses = parts.addresses;
    this.#announcer = parts.announcer;
    this.#languages = parts.languages;
    this.#stateOf = parts.stateOf;
    this.#listen(parts.events);
  }

  /** Nothing is told any more: the store is about to close. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #listen(events: EventBus): void {
    events.on('outbound.dead', ({ id, channel, kind }) => {
      // A notice that cannot be delivered is no reason for another one.
      if (!this.#own.has(id)) {
        const words: Words = (texts, count) => texts.undelivered(count, channel, texts.kinds[kind]);
        this.#note(`out ${channel} ${kind}`, words, channel);
      }
    });
    events.on('turn.failed', ({ agent, error }) =>
      this.#note(`turn ${agent}`, (texts, count) => texts.failed(count, agent, error)),
    );
    events.on('agent.resting', ({ agent }) => this.#note(`rest ${agent}`, (texts) => texts.resting(agent)));
    events.on('agent.recovered', ({ agent }) => this.#troubles.delete(`rest ${agent}`));
    events.on('inbound.unreadable', ({ channel }) =>
      this.#note(`in ${channel}`, (texts, count) => texts.unreadable(count, channel), channel),
    );
    events.on('channel.state', ({ channel, state, error, failures }) => {
      const note = (words: Words) => this.#note(`channel ${channel}`, words, channel);
      if (state === 'rejected') note((texts) => texts.refused(channel, error?.hint));
      if (state === 'needs_login') note((texts) => texts.login(channel));
      if (state === 'disconnected' && failures === FAILURES) note((texts) => texts.disconnected(channel));
      if (state === 'connected') {
        this.#troubles.delete(`channel ${channel}`);
        if (this.#troubles.size > 0) this.#schedule();
      }
    });
    events.on('stranger.asks', ({ channel, sender, name, code }) =>
      this.#note(`stranger ${code}`, (texts) => texts.stranger(channel, shownName(name, sender), code)),
    );
    events.on('disk', ({ low }) => {
      if (low) this.#note('disk', (texts) => texts.diskLow);
    });
    events.on('store.recovered', () => this.#note('store', (texts) => texts.storeRecovered));
  }

  #note(about: string, words: Words, channel?: ChannelId): void {
    const known = this.#troubles.get(about);
    if (known !== undefined) known.count += 1;
    else this.#troubles.set(about, { words, channel, count: 1 });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const inMs = Math.max(this.#pace.gatherMs, this.#toldAt + this.#pace.quietMs - Date.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#tell();
    }, inMs).unref();
  }

  /** If no channel works, they wait until one does. A channel with a trouble of its own is the last that is tried. */
  async #tell(): Promise<void> {
    const troubled = new Set([...this.#troubles.values()].map(({ channel }) => channel));
    const working = this.#addresses().filter(({ channel }) => this.#stateOf(channel) === 'connected');
    const address = working.find(({ channel }) => !troubled.has(channel)) ?? working[0];
    if (address === undefined || this.#troubles.size === 0) return;
    const { owner: texts } = textsIn(this.#languages.languageIn(address.channel, address.chat));
    const lines = [...this.#troubles.values()].map(({ words, count }) => `- ${words(texts, count)}`);
    this.#troubles.clear();
    this.#toldAt = Date.now();
    const ids = await this.#announcer.say(
      address.channel,
      address.chat,
      `${texts.heading}\n\n${lines.join('\n')}`,
    );
    for (const id of ids) this.#own.add(id);
  }
}

/** Somebody's name is theirs to choose: no markup, and not long. */
function shownName(name: string | undefined, sender: string): string {
  const plain = (name ?? '')
    .replace(/[^\p{L}\p{N} .'-]/gu, '')
    .slice(0, 40)
    .trim();
  return plain === '' ? sender : `${plain} (${sender})`;
}
