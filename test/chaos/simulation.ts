import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'file-type'; // loaded beforehand, so that loading it takes no time of its own
import { Gateway, type GatewayEvents } from '../../src/gateway/index.ts';
import { Disk } from '../kit/disk.ts';
import { ScriptedAgent } from './agent.ts';
import { installInstantFiles } from './instant-files.ts';
import { type Fault, type Plan, PROFILES } from './plan.ts';
import { channelOf, Platform } from './platform.ts';
import { checkEnd, checkStart } from './promises.ts';
import { Random } from './random.ts';
import { VirtualTime } from './virtual-time.ts';
import { type Life, World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Without faults, everything must have found its end within this time: the schedule of retries reaches a day. */
const PATIENCE_MS = 100 * HOUR;
/** A service manager kills after ten seconds. */
const STOP_MS = 10_000;
/** The longest until it starts the next one. */
const RESTART_MS = 3_000;

export interface Outcome {
  /** The promises that were broken, in order. */
  readonly problems: readonly string[];
  readonly history: readonly string[];
}

/** Plays a plan from its beginning to the day when all is quiet, and says what was broken on the way. */
export async function simulate(plan: Plan): Promise<Outcome> {
  const folder = mkdtempSync(join(memoryFolder(), 'openclaw-chaos-'));
  const time = new VirtualTime();
  const world = new World(plan, time, folder);
  const disk = new Disk(folder, (side) => world.moment(side === 'before' ? 'before commit' : 'after commit'));
  world.disk = disk;
  using installed = new DisposableStack();
  installed.defer(() => rmSync(folder, { recursive: true, force: true }));
  installed.use(time.install());
  installed.use(disk.install());
  installed.use(installInstantFiles(new Random(plan.seed + 1)));
  try {
    await new Simulation(world, disk).play();
  } catch (error) {
    world.broken(
      'nothing is thrown',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
  return world;
}

class Simulation {
  readonly #world: World;
  readonly #disk: Disk;
  readonly #platforms: Platform[];
  /** How often the agent was asked each message. */
  readonly #runs = new Map<number, number>();
  #gateway: Gateway | undefined;
  #stopping: Life | undefined;
  /** A life whose end is dealt with. */
  #ended: Life | undefined;

  constructor(world: World, disk: Disk) {
    this.#world = world;
    this.#disk = disk;
    this.#platforms = PROFILES.map((profile) => new Platform(profile, world));
  }

  async play(): Promise<void> {
    const { plan, time } = this.#world;
    const calmAt = this.#schedule(plan);
    time.after(calmAt, () => this.#calm());
    let lookAt = calmAt;
    time.after(0, () => this.#begin());
    while (time.now < calmAt + PATIENCE_MS && this.#world.problems.length === 0) {
      await time.step();
      if (!this.#world.life.current.alive) this.#beginSoon();
      if (time.now < lookAt || !this.#world.calm) continue;
      lookAt = time.now + Math.min(HOUR, time.now - calmAt + MINUTE);
      if (this.#unfinished().length === 0) break;
      this.#mend();
    }
    if (this.#world.problems.length > 0) return;
    for (const one of this.#unfinished()) this.#world.broken('everything finds its end', one);
    time.after(0, () => void this.#stop());
    while (this.#world.life.current.alive && this.#world.problems.length === 0) await time.step();
    checkEnd(this.#world, this.#platforms, this.#runs);
  }

  /** Puts the plan on the clock; returns when the last fault is over. */
  #schedule({ messages, faults }: Plan): number {
    const { time } = this.#world;
    for (const message of messages) {
      const { at, late, repeats, channel } = message;
      const platform = this.#platformOf(channel);
      for (const more of [0, ...repeats]) time.after(at + late + more, () => platform.inflow.arrive(message));
    }
    for (const fault of faults) this.#scheduleFault(fault);
    const ends = [...faults, ...messages].map((one) =>
      'at' in one ? one.at + ('for' in one ? one.for : 0) : 0,
    );
    return Math.max(0, ...ends) + 5 * MINUTE;
  }

  #scheduleFault(fault: Fault): void {
    const { time } = this.#world;
    switch (fault.kind) {
      case 'down': {
        const platform = this.#platformOf(fault.channel);
        time.after(fault.at, () => platform.goDown(fault.noticed));
        time.after(fault.at + fault.for, () => platform.comeBack());
        break;
      }
      case 'disk full':
        time.after(fault.at, () => {
          this.#world.note('the disk is full');
          this.#disk.full = fault.by;
        });
        time.after(fault.at + fault.for, () => {
          this.#world.note('the disk has room');
          this.#disk.full = undefined;
        });
        break;
      case 'clock':
        time.after(fault.at, () => {
          this.#world.note(`the clock is set by ${fault.by / 1000} s`);
          time.wallClockAt0 += fault.by;
        });
        break;
      case 'kill at':
        time.after(fault.at, () => this.#world.kill('by the clock'));
        break;
      case 'restart':
        time.after(fault.at, () => void this.#stop());
        break;
      case 'replay':
        time.after(fault.at, () => void this.#replay());
        break;
      default: // the platforms and the moments look these up
    }
  }

  #calm(): void {
    this.#world.note('no more faults');
    this.#world.calm = true;
    this.#disk.full = undefined;
    for (const platform of this.#platforms) platform.comeBack();
  }

  /** A person comes and mends what only a person can. */
  #mend(): void {
    const refused = [...(this.#gateway?.channels().values() ?? [])].some(({ state }) => state === 'rejected');
    if (refused) this.#world.time.after(0, () => void this.#stop());
  }

  #begin(): void {
    const world = this.#world;
    const life = { number: world.life.current.number + 1, alive: true };
    world.life.current = life;
    world.note(`START ${life.number}`);
    const agent = new ScriptedAgent(world, life, this.#runs, (message) =>
      this.#platformOf(message.channel).stop(message),
    );
    const gateway = new Gateway({
      dataDir: world.folder,
      channels: this.#platforms.map((platform) => ({
        id: channelOf(platform.profile),
        adapter: platform.adapter(life),
        agent: agent.id,
        agentFor: new Map(),
        access: {
          dmPolicy: 'open',
          allowFrom: [],
          groupPolicy: 'known',
          groups: new Map(),
          requireMention: true,
          tellStrangers: true,
          answerWithin: HOUR,
          noteWithin: 2 * HOUR,
          loopLimit: 1_000,
        },
        whileBusy: world.plan.whileBusy ?? 'followup',
        collectFor: 2_000,
        context: { messages: 30, characters: 8_000 },
        onUnknown: platform.profile.onUnknown,
        expireAfter: 24 * HOUR,
        rateLimits: {},
      })),
      agents: new Map([[agent.id, agent]]),
      commands: () => [],
      sessions: { maxLive: world.plan.maxLive, idleTimeout: HOUR, maxWaiting: 1_000 },
      turns: { maxAttempts: 3, timeout: MINUTE, maxMessages: 3 },
      attachments: { maxBytes: 1e6, maxFiles: 3, types: [] },
      reconnect: { base: 2_000, cap: 5 * MINUTE },
      owner: [],
      proposeLinks: [],
      language: 'en',
      retention: { messages: 10_000 * HOUR, files: 10_000 * HOUR },
      redact: (text) => text,
    });
    this.#gateway = gateway;
    this.#watch(gateway, life);
    gateway.start().catch((error: unknown) => {
      if (life.alive) world.broken('the gateway starts', String(error));
    });
  }

  #watch({ events }: Gateway, life: Life): void {
    const world = this.#world;
    const noted: (keyof GatewayEvents)[] = [
      'inbound.queued',
      'inbound.ignored',
      'inbound.duplicate',
      'turn.ended',
      'turn.retry',
      'turn.failed',
      'outbound.sent',
      'outbound.retry',
      'outbound.unknown',
      'outbound.dead',
      'channel.state',
      'dead_letters.replayed',
      'store.fault',
    ];
    for (const name of noted) {
      events.on(name, (event) => {
        if (life.alive) world.note(`  ${name} ${JSON.stringify(event).slice(0, 160)}`);
      });
    }
    events.on('outbound.dead', ({ id }) => world.givenUp.add(id));
    events.on('internal.error', ({ where, error }) => {
      const isTheirs =
        where.startsWith('adapter of') && world.plan.faults.some(({ kind }) => kind === 'hang');
      if (life.alive && !isTheirs)
        world.broken('the hub makes no mistake', `${where}: ${error instanceof Error ? error.stack : error}`);
    });
  }

  /** A person has tried again what was given up. */
  async #replay(): Promise<void> {
    const world = this.#world;
    const life = world.life.current;
    if (!life.alive || this.#stopping === life) return;
    const ledger = world.ledger();
    for (const { id } of ledger.deadLetters.list({ direction: 'out' })) world.replayed.add(id);
    ledger.close();
    world.note('a person replays the dead letters');
    try {
      await this.#gateway?.deadLetters.replay({ direction: 'out' });
    } catch (error) {
      if (life.alive && this.#stopping !== life) world.broken('a replay succeeds', String(error));
    }
  }

  /** Ends the gateway as a service manager does. */
  async #stop(): Promise<void> {
    const world = this.#world;
    const life = world.life.current;
    if (!life.alive || this.#stopping === life) return;
    this.#stopping = life;
    world.note('STOP');
    world.time.after(STOP_MS, () => {
      if (life.alive) world.broken('a stop takes ten seconds at most', 'it takes longer');
    });
    try {
      await this.#gateway?.stop();
      if (life.alive) world.kill('it has ended');
    } catch (error) {
      if (life.alive) world.broken('a stop succeeds', String(error));
    }
  }

  /** Once the last process is gone, a service manager starts the next one, over what the last one left. */
  #beginSoon(): void {
    const world = this.#world;
    if (this.#ended === world.life.current) return;
    this.#ended = world.life.current;
    world.time.forgetInside();
    this.#disk.restore();
    checkStart(world, this.#platforms);
    world.time.after(world.random.between(0, RESTART_MS), () => this.#begin());
  }

  #platformOf(id: string): Platform {
    const platform = this.#platforms.find(({ profile }) => profile.id === id);
    if (platform === undefined) throw new Error(`there is no platform ${id}`);
    return platform;
  }

  /** What has not found its end yet, in words. */
  #unfinished(): string[] {
    const ledger = this.#world.ledger();
    const sums = ledger.audit();
    ledger.close();
    const open = [
      ...['queued', 'running'].filter((state) => sums.in[state]),
      ...['pending', 'sending', 'unknown'].filter((state) => sums.out[state]),
    ];
    const unheard = this.#platforms.flatMap(({ inflow, profile }) =>
      inflow.unacknowledged().map(({ key }) => `${profile.id} #${key} not acknowledged`),
    );
    return [...open, ...unheard];
  }
}

function memoryFolder(): string {
  return statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() === true ? '/dev/shm' : tmpdir();
}
