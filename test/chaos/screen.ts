import { type OutboundMessage, platformMessageId, type SendReceipt } from '../../src/contract/index.ts';
import type { Profile } from './plan.ts';
import type { World } from './world.ts';

/** The platform remembers ids for a little longer than it says. */
const WINDOW_SLACK_MS = 2 * 60_000;

/** A message as the people of a chat see it. */
export interface Shown {
  readonly id: string;
  readonly chat: string;
  readonly text: string;
  readonly marked: boolean;
}

/** What the people of one platform see; and whether it may be shown, and so. */
export class Screen {
  readonly shown: Shown[] = [];
  readonly #profile: Profile;
  readonly #world: World;
  /** When each message first arrived. */
  readonly #knownIds = new Map<string, number>();

  constructor(profile: Profile, world: World) {
    this.#profile = profile;
    this.#world = world;
  }

  /** A message has arrived. A platform that deduplicates shows it once for as long as it remembers. */
  accept(message: OutboundMessage): SendReceipt {
    const knownSince = this.#knownIds.get(message.id);
    if (knownSince !== undefined && this.#remembers(knownSince)) return this.#receiptOf(message);
    if (knownSince === undefined) this.#knownIds.set(message.id, this.#world.time.now);
    const files = (message.files ?? []).map(({ name }) => name);
    const text = [message.body.text, ...files].join('\n');
    this.#world.note(`${this.#profile.id} shows ${message.id} in ${message.chat.id}: ${text.slice(0, 30)}`);
    this.#judge(message, knownSince !== undefined);
    this.shown.push({ id: message.id, chat: message.chat.id, text, marked: message.possiblyRepeated });
    return this.#receiptOf(message);
  }

  #remembers(since: number): boolean {
    const { dedupe, dedupeForMs = Number.POSITIVE_INFINITY } = this.#profile;
    return dedupe === 'native' && this.#world.time.now - since <= dedupeForMs + WINDOW_SLACK_MS;
  }

  /** Whether this may be shown, and so. */
  #judge(message: OutboundMessage, isRepeated: boolean): void {
    const { dedupe, dedupeForMs, onUnknown } = this.#profile;
    const mayRepeat = (dedupe === 'none' && onUnknown === 'resend') || dedupeForMs !== undefined;
    if (isRepeated && !mayRepeat && !this.#world.replayed.has(message.id))
      this.#world.broken(`nothing is shown twice on ${this.#profile.id}`, message.id);
    if (isRepeated && !message.possiblyRepeated && !this.#isDeceived)
      this.#world.broken('what is shown twice is marked', message.id);
    if (isRepeated || message.possiblyRepeated) {
      const ledger = this.#world.ledger();
      const record = ledger.outbound(message.id);
      ledger.close();
      const doubted = record?.failures.some(({ outcome }) => outcome === 'unknown') === true;
      if (!doubted) this.#world.broken('what may be shown twice is recorded as unknown before', message.id);
      if (message.possiblyRepeated && record?.possiblyRepeated !== true)
        this.#world.broken('what is marked is recorded as possibly repeated before', message.id);
    }
  }

  /** Whether the gateway cannot know for how long the platform has remembered, because its clock was set back. */
  get #isDeceived(): boolean {
    const { faults } = this.#world.plan;
    return (
      this.#profile.dedupeForMs !== undefined &&
      faults.some((fault) => fault.kind === 'clock' && fault.by < 0)
    );
  }

  /** The receipt of a message that arrived. */
  find(message: OutboundMessage): SendReceipt | undefined {
    return this.#knownIds.has(message.id) ? this.#receiptOf(message) : undefined;
  }

  shows(id: string): boolean {
    return this.shown.some((one) => one.id === id);
  }

  #receiptOf({ id }: OutboundMessage): SendReceipt {
    return { platformId: platformMessageId(`${this.#profile.id}-${id}`) };
  }
}
