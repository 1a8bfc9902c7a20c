import {
  type AdapterHost,
  type ChannelAdapter,
  channelId,
  chatId,
  type OutboundMessage,
  type Preview,
  type SendReceipt,
  senderId,
} from '../../src/contract/index.ts';
import { capabilitiesOf, rendered } from './capabilities.ts';
import { FATES, type Fate, trouble } from './fates.ts';
import { Inflow, type Link } from './inflow.ts';
import type { PlannedMessage, Profile, SendFault } from './plan.ts';
import { Screen } from './screen.ts';
import { type Life, never, type World } from './world.ts';

interface Flight {
  readonly message: OutboundMessage;
  readonly life: Life;
  readonly signal: AbortSignal;
  landed: boolean;
}

/** A scripted platform: it lives on while gateways come and go. */
export class Platform {
  readonly profile: Profile;
  readonly inflow: Inflow;
  readonly screen: Screen;
  readonly #world: World;
  readonly #flights = new Set<Flight>();
  #link: Link | undefined;
  /** A connection that is lost, though the gateway does not know it yet. */
  #lostUnnoticed: AdapterHost | undefined;
  #isDown = false;
  #sends = 0;
  #looks = 0;
  #starts = 0;
  #stops = 0;

  constructor(profile: Profile, world: World) {
    this.profile = profile;
    this.inflow = new Inflow(profile, world);
    this.screen = new Screen(profile, world);
    this.#world = world;
    world.onKill.push(() => this.#cut());
  }

  goDown(noticed: boolean): void {
    if (this.#isDown) return;
    this.#isDown = true;
    this.#world.note(`${this.profile.id} is down`);
    const { host } = this.#link ?? {};
    this.#connect(undefined);
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
        this.#starts += 1;
        await this.#world.sleep(50);
        if (!life.alive || this.#hangsIn('start', this.#starts)) return never();
        if (this.#isDown) throw trouble('network', true)();
        this.#connect({ life, host });
      },
      stop: async () => {
        this.#stops += 1;
        if (life.alive) this.#connect(undefined);
        if (this.#hangsIn('stop', this.#stops)) await never();
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

  #connect(link: Link | undefined): void {
    this.#link = link;
    this.inflow.connect(link);
  }

  #hangsIn(what: 'start' | 'stop', nth: number): boolean {
    const { faults } = this.#world.plan;
    return faults.some(
      (fault) =>
        fault.kind === 'hang' &&
        fault.channel === this.profile.id &&
        fault.in === what &&
        fault.nth === nth &&
        !this.#world.calm,
    );
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
    this.#checkAlone(message, life);
    const flight: Flight = { message, life, signal, landed: false };
    this.#flights.add(flight);
    try {
      await this.#world.sleep(this.#world.random.between(1, fate.slow ? 50_000 : 300));
      if (!life.alive) return await never();
      flight.landed = true;
      if (this.#isDown) {
        if (this.#world.random.chance(0.5)) this.screen.accept(message);
        throw trouble('network', false)();
      }
      const receipt = fate.arrives ? this.screen.accept(message) : {};
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

  #checkAlone(message: OutboundMessage, life: Life): void {
    for (const other of this.#flights) {
      if (other.life !== life || other.message.chat.id !== message.chat.id || other.signal.aborted) continue;
      this.#world.broken('a chat has one send under way at a time', `${message.id} and ${other.message.id}`);
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
    this.#connect(undefined);
    this.#lostUnnoticed = undefined;
    for (const { message, landed } of this.#flights) {
      if (!landed && !this.#isDown && this.#world.random.chance(0.5)) this.screen.accept(message);
    }
    this.#flights.clear();
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
    const found = this.screen.find(message);
    this.#world.note(`${this.profile.id} look for ${message.id}: ${found ? 'there' : 'not there'}`);
    return found;
  }

  async #preview(preview: Preview, life: Life): Promise<void> {
    if (!life.alive) return never();
    if (this.screen.shows(preview.first)) {
      this.#world.broken('no preview outlives its answer', preview.first);
    }
    await this.#world.sleep(20);
    if (!life.alive) return never();
  }
}

export const channelOf = ({ id }: Profile) => channelId(id);
