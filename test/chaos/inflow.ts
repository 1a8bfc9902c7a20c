import {
  type AdapterHost,
  chatId,
  type InboundMessage,
  platformMessageId,
  senderId,
} from '../../src/contract/index.ts';
import { questionOf } from './agent.ts';
import type { PlannedMessage, Profile } from './plan.ts';
import type { Life, World } from './world.ts';

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

/** The connection of one gateway to a platform. */
export interface Link {
  readonly life: Life;
  readonly host: AdapterHost;
}

/** What happens on one platform, and how we are told: until we have acknowledged it, and sometimes again. */
export class Inflow {
  readonly events = new Map<string, PlatformEvent>();
  readonly #profile: Profile;
  readonly #world: World;
  /** What `pull` reads, in the order in which it came. */
  readonly #log: PlatformEvent[] = [];
  #link: Link | undefined;
  #wakePoller: () => void = () => {};

  constructor(profile: Profile, world: World) {
    this.#profile = profile;
    this.#world = world;
  }

  /** From now on we are told by this connection, or by none. */
  connect(link: Link | undefined): void {
    this.#link = link;
    if (link === undefined) return;
    if (this.#profile.delivery === 'pull') void this.#poll(link);
    else for (const event of this.unacknowledged()) void this.#offer(event, link);
  }

  unacknowledged(): PlatformEvent[] {
    return [...this.events.values()].filter(({ acknowledged }) => acknowledged === undefined);
  }

  /** Something happens; we are told, or will be once connected. */
  arrive(planned: PlannedMessage): void {
    const key = `${planned.n}`;
    const event = this.events.get(key) ?? {
      key,
      planned,
      sentAt: this.#world.time.now,
      offered: undefined,
      acknowledged: undefined,
      greatestAge: 0,
    };
    this.events.set(key, event);
    this.#log.push(event);
    if (this.#profile.delivery === 'pull') this.#wakePoller();
    else if (this.#link !== undefined) void this.#offer(event, this.#link);
  }

  async #offer(event: PlatformEvent, link: Link): Promise<void> {
    this.#offered(event);
    try {
      await link.host.receive(batchOf([event], this.#world));
    } catch {
      if (!link.life.alive) return;
      this.#world.note(`${this.#profile.id} #${event.key} is not taken`);
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
    this.#world.note(`${this.#profile.id} tells #${event.key}`);
  }

  #acknowledge(event: PlatformEvent): void {
    if (event.acknowledged !== undefined) return;
    event.acknowledged = this.#world.order();
    this.#world.note(`${this.#profile.id} hears that we have #${event.key}`);
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
