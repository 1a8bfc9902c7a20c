import {
  type AdapterHost,
  type ChannelAdapter,
  type ChannelCapabilities,
  ChannelError,
  channelId,
  chatId,
  type InboundMessage,
  type OutboundMessage,
  type Preview,
  platformMessageId,
  type RenderedText,
  type SendReceipt,
  senderId,
} from '../../src/contract/index.ts';
import { questionOf } from './agent.ts';
import type { PlannedMessage, Profile, SendFault } from './plan.ts';
import { type Life, never, type World } from './world.ts';

/** The platform remembers ids for a little longer than it says. */
const WINDOW_SLACK_MS = 2 * 60_000;
const TEXT_LIMIT = 200;

/** What becomes of an attempt to send. */
interface Fate {
  readonly arrives: boolean;
  /** Thrown instead of a receipt. */
  readonly error?: () => Error;
  /** Neither receipt nor error ever comes. */
  readonly silence?: true;
  readonly slow?: true;
}

const trouble =
  (kind: ConstructorParameters<typeof ChannelError>[0], certain: boolean, retryAfterMs?: number) => () =>
    new ChannelError(kind, `${kind} trouble`, {
      certain,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });

const FATES: Readonly<Record<SendFault, Fate>> = {
  'refused now': { arrives: false, error: trouble('network', true) },
  'rate limited': { arrives: false, error: trouble('rate_limited', true, 7_000) },
  unavailable: { arrives: false, error: trouble('unavailable', true, 3_000) },
  rejected: { arrives: false, error: trouble('rejected', true) },
  credentials: { arrives: false, error: trouble('auth', true) },
  lost: { arrives: false, error: trouble('network', false) },
  'receipt lost': { arrives: true, error: trouble('network', false) },
  hangs: { arrives: false, silence: true },
  'arrives and hangs': { arrives: true, silence: true },
  slow: { arrives: true, slow: true },
  throws: { arrives: false, error: () => new TypeError('undefined is not a function') },
};

/** One thing that happens on the platform and that we are told of. */
export interface PlatformEvent {
  readonly key: string;
  readonly planned: PlannedMessage;
  readonly sentAt: number;
  /** When (see World.order) it was first offered, and first acknowledged. */
  offered: number | undefined;
  acknowledged: number | undefined;
  /** How old it was when it was last offered, by the clock on the gateway's wall. */
  greatestAge: number;
}

/** A message as the people of a chat see it. */
export interface Shown {
  readonly id: string;
  readonly chat: string;
  readonly text: string;
  readonly marked: boolean;
}

interface Link {
  readonly life: Life;
  readonly host: AdapterHost;
}

interface Flight {
  readonly message: OutboundMessage;
  readonly life: Life;
  readonly signal: AbortSignal;
  landed: boolean;
}

/** A scripted platform: it lives on while gateways come and go, and its people see what they see. */
export class Platform {
  readonly profile: Profile;
  readonly events = new Map<string, PlatformEvent>();
  readonly shown: Shown[] = [];
  readonly #world: World;
  /** What `pull` reads, in the order in which it came. */
  readonly #log: PlatformEvent[] = [];
  readonly #knownIds = new Map<string, number>();
  readonly #flights = new Set<Flight>();
  #link: Link | undefined;
  /** A connection that is lost, though the gateway does not know it yet. */
  #lostUnnoticed: AdapterHost | undefined;
  #isDown = false;
  #sends = 0;
  #looks = 0;
  #wakePoller: () => void = () => {};

  constructor(profile: Profile, world: World) {
    this.profile = profile;
    this.#world = world;
    world.onKill.push(() => this.#cut());
  }

  /** Something happens; we are told, or will be once connected. */
  arrive(planned: PlannedMessage): void {
    const key = `${planned.n}`;
    const known = this.events.get(key);
    const event = known ?? {
      key,
      planned,
      sentAt: this.#world.time.now,
      offered: undefined,
      acknowledged: undefined,
      greatestAge: 0,
    };
    this.events.set(key, event);
    this.#log.push(event);
    if (this.profile.delivery === 'pull') this.#wakePoller();
    else if (this.#link !== undefined) void this.#offer(event, this.#link);
  }

  goDown(noticed: boolean): void {
    if (this.#isDown) return;
    this.#isDown = true;
    this.#world.note(`${this.profile.id} is down`);
    const { host } = this.#link ?? {};
    this.#link = undefined;
    if (noticed) host?.onStateChange({ state: 'disconnected', error: trouble('network', true)() });
    else this.#lostUnnoticed = host;
  }

  comeBack(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#world.note(`${this.profile.id} is back`);
    this.#lostUnnoticed?.onStateChange({ state: 'disconnected', error: trouble('network', true)() });
    this.#lostUnnoticed = undefined;
  }

  /** A person presses Stop. */
  stop(planned: PlannedMessage): void {
    this.#world.note(`stop in ${planned.chat}`);
    this.#link?.host.onStop(chatId(planned.chat), senderId(planned.sender));
  }

  /** The adapter that a gateway has for this platform during one life. */
  adapter(life: Life): ChannelAdapter {
    const { dedupe, rich } = this.profile;
    return {
      capabilities: capabilitiesOf(this.profile, this.#world.plan.brisk),
      start: async (host) => {
        await this.#world.sleep(50);
        if (!life.alive) return never();
        if (this.#isDown) throw trouble('network', true)();
        const link = { life, host };
        this.#link = link;
        if (this.profile.delivery === 'pull') void this.#poll(link);
        else for (const event of this.#unacknowledged()) void this.#offer(event, link);
      },
      stop: async () => {
        if (life.alive) this.#link = undefined;
      },
      normalize: () => undefined,
      render: rendered,
      send: (message, signal) => this.#send(message, signal, life),
      ...(dedupe === 'readback' && { findSent: (message: OutboundMessage) => this.#find(message, life) }),
      ...(rich && {
        react: async () => {
          await this.#world.sleep(30);
          if (!life.alive) return never();
        },
        stream: (preview: Preview) => this.#preview(preview, life),
      }),
    };
  }

  #unacknowledged(): PlatformEvent[] {
    return [...this.events.values()].filter(({ acknowledged }) => acknowledged === undefined);
  }

  async #offer(event: PlatformEvent, link: Link): Promise<void> {
    this.#offered(event);
    try {
      await link.host.receive(batchOf([event], this.#world));
    } catch {
      if (!link.life.alive) return;
      this.#world.note(`${this.profile.id} #${event.key} is not taken`);
      await this.#world.sleep(5_000);
      if (this.#link === link && event.acknowledged === undefined) void this.#offer(event, link);
      return;
    }
    if (link.life.alive) this.#acknowledge(event);
  }

  async #poll(link: Link): Promise<void> {
    while (this.#link === link && link.life.alive) {
      const from = Number(link.host.cursor() ?? 0);
      // Who asks for what follows has what came before.
      for (const event of this.#log.slice(0, from)) this.#acknowledge(event);
      const events = this.#log.slice(from, from + this.#world.random.between(1, 5));
      if (events.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wakePoller = resolve;
        });
        continue;
      }
      for (const event of events) this.#offered(event);
      try {
        const batch = batchOf([...new Set(events)], this.#world);
        await link.host.receive({ ...batch, cursor: String(from + events.length) });
      } catch {
        await this.#world.sleep(2_000);
      }
    }
  }

  #offered(event: PlatformEvent): void {
    event.offered ??= this.#world.order();
    event.greatestAge = Math.max(event.greatestAge, Date.now() - this.#world.startOfClock - event.sentAt);
    this.#world.note(`${this.profile.id} tells #${event.key}`);
  }

  #acknowledge(event: PlatformEvent): void {
    if (event.acknowledged !== undefined) return;
    event.acknowledged = this.#world.order();
    this.#world.note(`${this.profile.id} hears that we have #${event.key}`);
  }

  async #send(message: OutboundMessage, signal: AbortSignal, life: Life): Promise<SendReceipt> {
    const { profile } = this;
    this.#world.moment('before send');
    if (!life.alive) return never();
    this.#sends += 1;
    const nth = this.#sends;
    if (this.#link === undefined && !this.#isDown) throw trouble('network', true)();
    const how = this.#faultOf(nth);
    const fate: Fate = how === undefined ? { arrives: true } : FATES[how];
    this.#world.note(
      `${profile.id} send ${nth}: ${message.id} to ${message.chat.id}${how === undefined ? '' : ` (${how})`}`,
    );
    if (how === 'throws') throw fate.error?.();
    for (const other of this.#flights) {
      if (other.life === life && other.message.chat.id === message.chat.id && !other.signal.aborted) {
        this.#world.broken(
          'a chat has one send under way at a time',
          `${message.id} during ${other.message.id}`,
        );
      }
    }
    const flight: Flight = { message, life, signal, landed: false };
    this.#flights.add(flight);
    try {
      await this.#world.sleep(this.#world.random.between(1, fate.slow ? 50_000 : 300));
      if (!life.alive) return await never();
      flight.landed = true;
      if (this.#isDown) {
        if (this.#world.random.chance(0.5)) this.#accept(message);
        throw trouble('network', false)();
      }
      const receipt = fate.arrives ? this.#accept(message) : {};
      this.#world.moment('after arrival');
      if (!life.alive) return await never();
      if (fate.silence)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      if (fate.error !== undefined) throw fate.error();
      return receipt;
    } finally {
      this.#flights.delete(flight);
    }
  }

  #faultOf(nth: number): SendFault | undefined {
    if (this.#world.calm) return undefined;
    const { now } = this.#world.time;
    for (const fault of this.#world.plan.faults) {
      if (fault.kind === 'send' && fault.channel === this.profile.id && fault.nth === nth) return fault.how;
      if (
        fault.kind === 'storm' &&
        fault.channel === this.profile.id &&
        now >= fault.at &&
        now < fault.at + fault.for
      )
        return fault.how;
    }
    return undefined;
  }

  /** The gateway is gone: what was on its way arrives now, or never. */
  #cut(): void {
    this.#link = undefined;
    this.#lostUnnoticed = undefined;
    for (const { message, landed } of this.#flights) {
      if (!landed && !this.#isDown && this.#world.random.chance(0.5)) this.#accept(message);
    }
    this.#flights.clear();
  }

  #accept(message: OutboundMessage): SendReceipt {
    const knownSince = this.#knownIds.get(message.id);
    const platformId = platformMessageId(`${this.profile.id}-${message.id}`);
    if (knownSince !== undefined && this.#remembers(knownSince)) return { platformId };
    if (knownSince === undefined) this.#knownIds.set(message.id, this.#world.time.now);
    const files = (message.files ?? []).map(({ name }) => name);
    const text = [message.body.text, ...files].join('\n');
    this.#world.note(`${this.profile.id} shows ${message.id} in ${message.chat.id}: ${text.slice(0, 30)}`);
    this.#judge(message, knownSince !== undefined);
    this.shown.push({ id: message.id, chat: message.chat.id, text, marked: message.possiblyRepeated });
    return { platformId };
  }

  #remembers(since: number): boolean {
    const { dedupe, dedupeForMs = Number.POSITIVE_INFINITY } = this.profile;
    return dedupe === 'native' && this.#world.time.now - since <= dedupeForMs + WINDOW_SLACK_MS;
  }

  /** Whether this may be shown, and so. */
  #judge(message: OutboundMessage, isRepeated: boolean): void {
    const { dedupe, dedupeForMs, onUnknown } = this.profile;
    const mayRepeat = (dedupe === 'none' && onUnknown === 'resend') || dedupeForMs !== undefined;
    if (isRepeated && !mayRepeat)
      this.#world.broken(`nothing is shown twice on ${this.profile.id}`, message.id);
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
      this.profile.dedupeForMs !== undefined && faults.some((fault) => fault.kind === 'clock' && fault.by < 0)
    );
  }

  async #find(message: OutboundMessage, life: Life): Promise<SendReceipt | undefined> {
    this.#looks += 1;
    const nth = this.#looks;
    await this.#world.sleep(this.#world.random.between(1, 300));
    if (!life.alive) return never();
    const fails = this.#world.plan.faults.some(
      (fault) => fault.kind === 'look' && fault.channel === this.profile.id && fault.nth === nth,
    );
    if (this.#isDown || (fails && !this.#world.calm)) throw trouble('unavailable', true)();
    const found = this.#knownIds.has(message.id);
    this.#world.note(`${this.profile.id} look for ${message.id}: ${found ? 'there' : 'not there'}`);
    return found ? { platformId: platformMessageId(`${this.profile.id}-${message.id}`) } : undefined;
  }

  async #preview(preview: Preview, life: Life): Promise<void> {
    if (!life.alive) return never();
    if (this.shown.some(({ id }) => id === preview.first)) {
      this.#world.broken('no preview outlives its answer', preview.first);
    }
    await this.#world.sleep(20);
    if (!life.alive) return never();
  }
}

function batchOf(events: readonly PlatformEvent[], world: World) {
  const readable = events.filter(({ planned }) => planned.kind !== 'unreadable');
  const unreadable = events.filter(({ planned }) => planned.kind === 'unreadable');
  return {
    messages: readable.map((event) => messageOf(event, world)),
    unreadable: unreadable.map(({ key }) => ({ dedupeKey: key, payload: `{"${key}"`, error: 'cut off' })),
  };
}

function messageOf({ key, planned, sentAt }: PlatformEvent, world: World): InboundMessage {
  const { n, chat, sender, kind, album } = planned;
  return {
    dedupeKey: key,
    chat: { id: chatId(chat), kind: chat.startsWith('group') ? 'group' : 'direct' },
    sender: { id: senderId(sender), name: sender, ...(kind === 'from bot' && { bot: true }) },
    platformId: platformMessageId(key),
    sentAt: world.startOfClock + sentAt,
    text: questionOf(n),
    addressed: kind !== 'unaddressed',
    ...(kind === 'edit' && { change: { kind: 'edit', of: platformMessageId('0') } }),
    ...(album !== undefined && { album: `${sender} ${album}` }),
  };
}

function capabilitiesOf({ dedupe, dedupeForMs, rich }: Profile, brisk: boolean): ChannelCapabilities {
  return {
    textLimit: TEXT_LIMIT,
    textUnit: 'utf16',
    dedupe,
    ...(dedupeForMs !== undefined && { dedupeForMs }),
    typing: false,
    rateLimits: brisk
      ? { channel: { burst: 1e6, perSecond: 1e6 } }
      : {
          channel: { burst: 5, perSecond: 5 },
          direct: { burst: 1, perSecond: 1 },
          group: { burst: 3, perSecond: 0.5 },
        },
    ...(rich && {
      streaming: { everyMs: 1_000, spendsLimit: false },
      reactions: true,
      files: { maxBytes: 1e6, captionLimit: 100, perMessage: 2 },
      choices: { most: 3, labelLimit: 10 },
    }),
  };
}

/** A form feed begins a new message, and so does the limit. */
function rendered(markdown: string): RenderedText[] {
  return markdown
    .split('\f')
    .flatMap((part) => part.match(new RegExp(`[^]{1,${TEXT_LIMIT}}`, 'g')) ?? [])
    .map((text) => ({ text }));
}

export const channelOf = ({ id }: Profile) => channelId(id);
