import { EventEmitter, once } from 'node:events';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ChannelError, type OutboundMessage, platformMessageId } from '../../src/contract/index.ts';
import type { ChatCommand, GatewayEvents } from '../../src/gateway/index.ts';
import { type Audit, openLedger } from '../../src/store/index.ts';
import { agentOf, ScriptedChannel, TestGateway } from '../gateway/harness.ts';
import { diskError, unwatchStatements, watchStatements } from './statements.ts';

/**
 * What goes wrong at a step. A statement fails (`error`), or fails for want of room, which ends its transaction (`full`).
 * A call to or from the platform is `refused`, or lost on its way there (`lost`) or back (`answer lost`).
 */
export type Fault = 'error' | 'full' | 'refused' | 'lost' | 'answer lost' | 'kill before' | 'kill after';

export interface Step {
  readonly name: string;
  readonly isCall: boolean;
}

/** How a platform deduplicates; and for `none`, whether the owner wants doubtful messages held. */
export type Platform = 'native' | 'readback' | 'none' | 'none, hold';

export interface Plan {
  readonly folder: string;
  readonly platform: Platform;
  /** What goes wrong, by the number of the step (the first is 0). */
  readonly faults: ReadonlyMap<number, Fault>;
  /** What is said first; the second is a message like others. */
  readonly first?: string;
  readonly commands?: readonly ChatCommand[];
}

/** How a life went. */
export interface Course {
  /** From the first start until the message has ended, and from there the stop. */
  readonly steps: readonly Step[];
  readonly audit: Audit;
  /** What people see. */
  readonly seen: readonly OutboundMessage[];
}

/** A process that lives on a folder until it is killed. */
interface Life {
  readonly folder: string;
  readonly killed: PromiseWithResolvers<'killed'>;
  alive: boolean;
  channel: ScriptedChannel;
}

/** Answers what was said last; before that it may be told of what became of earlier messages. */
const listener = () => agentOf((turn) => `re: ${turn.messages.at(-1)?.text}`);

/** What moves a message on. */
const CHANGES = [
  'outbound.sent',
  'outbound.dead',
  'turn.failed',
  'inbound.duplicate',
] as const satisfies readonly (keyof GatewayEvents)[];
const PATIENCE_MS = 60_000;
const FILES = ['gateway.db', 'gateway.db-wal'];

/**
 * The life of one message, from the start of the gateway to its answer, with faults at some of its steps; and of a second
 * message in the same chat, which finds out whether anything is stuck. A kill is played in this process: the folder is
 * copied as it is at that moment, a new gateway is started on the copy, and nobody listens to the old one any more.
 */
export class OneLife {
  readonly #plan: Plan;
  readonly #steps: Step[] = [];
  readonly #seen: OutboundMessage[] = [];
  readonly #changes = new EventEmitter();
  readonly #dead: Promise<void>[] = [];
  readonly #deadline = AbortSignal.timeout(PATIENCE_MS);
  #life: Life;
  #hub: TestGateway | undefined;
  /** Whether steps are counted, and faults happen. */
  #counting = true;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#life = this.#newLife(0);
  }

  async run(): Promise<Course> {
    this.#deadline.addEventListener('abort', () => this.#changes.emit('change'));
    await this.#boot();
    await this.#say(this.#plan.first ?? 'first');
    this.#counting = false;
    await this.#say('second');
    this.#counting = true;
    await this.#stop();
    unwatchStatements(this.#life.folder);
    await Promise.all(this.#dead);
    return { steps: this.#steps, audit: this.#audit(), seen: this.#seen };
  }

  async #stop(): Promise<void> {
    await this.#untilAlive();
    const life = this.#life;
    const hub = this.#hub;
    this.#hub = undefined;
    await hub?.stop();
    if (!life.alive) await this.#stop();
  }

  #newLife(number: number): Life {
    const folder = join(this.#plan.folder, String(number));
    mkdirSync(folder);
    const dedupe = this.#plan.platform === 'none, hold' ? 'none' : this.#plan.platform;
    const life: Life = {
      folder,
      killed: Promise.withResolvers(),
      alive: true,
      channel: new ScriptedChannel('a', dedupe, {
        ...(dedupe === 'readback' && {
          methods: { findSent: (message) => this.#call(life, 'findSent', async () => this.#find(message)) },
        }),
      }),
    };
    life.channel.onSend = (message) => this.#call(life, 'send', async () => this.#accept(message));
    watchStatements(folder, (sql, database, run) => {
      const fault = this.#next({ name: sql.replace(/\s+/g, ' '), isCall: false });
      if (fault === 'kill before') this.#kill(life);
      if (fault === 'full' && database.inTransaction) database.exec('ROLLBACK');
      if (fault === 'full') throw diskError('SQLITE_FULL');
      if (fault === 'error') throw diskError('SQLITE_IOERR');
      return run();
    });
    return life;
  }

  /** Starts the gateway as often as it takes, as a service manager does. */
  async #boot(): Promise<void> {
    for (;;) {
      const life = this.#life;
      let hub: TestGateway | undefined;
      try {
        hub = new TestGateway(life.folder, [life.channel], listener(), {
          commands: () => this.#plan.commands ?? [],
          retryDelays: [10, 10, 10],
          onUnknown: this.#plan.platform === 'none, hold' ? 'hold' : 'resend',
        });
        for (const name of CHANGES) hub.gateway.events.on(name, () => this.#changes.emit('change'));
        await hub.start();
        this.#hub = hub;
        if (life.alive) return;
        this.#dead.push(hub.stop());
      } catch (error) {
        await hub?.stop();
        if (this.#deadline.aborted) throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /** Somebody writes, and the platform delivers it until it is acked. Resolves when nothing is left to be done. */
  async #say(text: string): Promise<void> {
    while (!(await this.#delivered(text))) {
      if (this.#deadline.aborted) throw new Error(`${text} is not taken`);
      await this.#untilAlive();
    }
    for (;;) {
      await this.#untilAlive();
      if (this.#hub === undefined) continue; // killed meanwhile
      if (this.#isSettled()) return;
      if (this.#deadline.aborted) throw new Error(`${text} does not end: ${JSON.stringify(this.#audit())}`);
      await Promise.race([once(this.#changes, 'change'), this.#life.killed.promise]);
    }
  }

  async #delivered(text: string): Promise<boolean> {
    const life = this.#life;
    const call = this.#call(life, 'receive', () => life.channel.say('ann', text, { dedupeKey: text }));
    try {
      return (await Promise.race([call, life.killed.promise])) !== 'killed';
    } catch {
      return false;
    }
  }

  async #untilAlive(): Promise<void> {
    if (this.#life.alive && this.#hub !== undefined) return;
    await this.#boot();
  }

  #kill(life: Life): void {
    life.alive = false;
    unwatchStatements(life.folder);
    if (this.#hub !== undefined) this.#dead.push(this.#hub.stop());
    this.#hub = undefined;
    this.#life = this.#newLife(Number(life.folder.split('/').at(-1)) + 1);
    for (const file of FILES) {
      if (existsSync(join(life.folder, file))) cpSync(join(life.folder, file), join(this.#life.folder, file));
    }
    life.killed.resolve('killed');
  }

  /** A call between the platform and a process, which either side may not survive. */
  async #call<T>(life: Life, name: string, real: () => Promise<T>): Promise<T> {
    if (!life.alive) throw new ChannelError('network', 'the process is dead', { certain: true });
    const fault = this.#next({ name, isCall: true });
    if (fault === 'refused') throw new ChannelError('unavailable', 'refused', { certain: true });
    if (fault === 'lost') throw new ChannelError('network', 'lost');
    if (fault === 'kill before') {
      this.#kill(life);
      throw new ChannelError('network', 'the process is dead', { certain: true });
    }
    const result = await real();
    if (fault === 'answer lost') throw new ChannelError('network', 'its answer is lost');
    if (fault === 'kill after') this.#kill(life);
    return result;
  }

  #next(step: Step): Fault | undefined {
    if (!this.#counting) return undefined;
    this.#steps.push(step);
    return this.#plan.faults.get(this.#steps.length - 1);
  }

  #accept(message: OutboundMessage) {
    const isKnown = this.#plan.platform === 'native' && this.#find(message) !== undefined;
    if (!isKnown) this.#seen.push(message);
    return { platformId: platformMessageId(message.id) };
  }

  #find({ id }: OutboundMessage) {
    return this.#seen.some((message) => message.id === id)
      ? { platformId: platformMessageId(id) }
      : undefined;
  }

  #isSettled(): boolean {
    return this.#unnoticed(() => {
      const db = new Database(join(this.#life.folder, 'gateway.db'), { readonly: true });
      const open = db
        .prepare(
          'SELECT id FROM inbox WHERE ended_at IS NULL UNION SELECT id FROM outbox WHERE ended_at IS NULL',
        )
        .all();
      db.close();
      return open.length === 0;
    });
  }

  #audit(): Audit {
    return this.#unnoticed(() => {
      const ledger = openLedger(this.#life.folder);
      const audit = ledger.audit();
      ledger.close();
      return audit;
    });
  }

  /** Looks at the database without being counted. */
  #unnoticed<T>(look: () => T): T {
    const counting = this.#counting;
    this.#counting = false;
    try {
      return look();
    } finally {
      this.#counting = counting;
    }
  }
}
