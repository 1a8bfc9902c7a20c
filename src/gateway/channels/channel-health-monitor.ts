import {
  type AdapterHost,
  type ChannelAdapter,
  ChannelError,
  type ChannelId,
  type ChannelStateChange,
  type LoginStep,
} from '../../contract/index.ts';
import type { EventBus } from '../events.ts';
import type { BackoffOptions } from '../options.ts';
import { backoff, sleep, within } from '../timing.ts';

/**
 * A channel is always in one of these states:
 *
 * - `stopped`: not wanted, or not begun.
 * - `starting`: the first attempt to connect is under way.
 * - `connected`: messages flow both ways.
 * - `disconnected`: the connection failed or was lost; the next attempt waits for its time.
 * - `reconnecting`: an attempt is under way, ours or the SDK's own.
 * - `needs_login`: an attempt is under way, and waits for a person to scan or type something, however long that takes.
 * - `rejected`: the platform refuses our credentials; nothing is tried until a person has acted.
 */
export type ChannelState = (typeof CHANNEL_STATES)[number];

export const CHANNEL_STATES = [
  'stopped',
  'starting',
  'connected',
  'disconnected',
  'reconnecting',
  'needs_login',
  'rejected',
] as const;

const TRANSITIONS: Record<ChannelState, readonly ChannelState[]> = {
  stopped: ['starting'],
  starting: ['connected', 'disconnected', 'needs_login', 'rejected', 'stopped'],
  connected: ['disconnected', 'reconnecting', 'rejected', 'stopped'],
  disconnected: ['reconnecting', 'rejected', 'stopped'],
  reconnecting: ['connected', 'disconnected', 'needs_login', 'rejected', 'stopped'],
  needs_login: ['needs_login', 'connected', 'disconnected', 'rejected', 'stopped'],
  rejected: ['stopped'],
};

/** A connection that has held this long was a good one; one that is lost sooner counts as one more failure in a row. */
const STABLE_MS = 60_000;
/** The longest that an adapter may take to connect and to let go, in milliseconds. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 3_000;

/**
 * Owns the connection of one channel: starts its adapter, starts it anew after a loss (exponential backoff with jitter,
 * for ever), and stops at refused credentials. An adapter that hangs or throws costs only its own channel.
 */
export class ChannelHealthMonitor {
  readonly #channel: ChannelId;
  #adapter: ChannelAdapter;
  readonly #makeHost: (
    signal: AbortSignal,
    onStateChange: (change: ChannelStateChange) => void,
  ) => AdapterHost;
  readonly #events: EventBus;
  readonly #backoff: BackoffOptions;
  /** Ends the connection, or the wait for it. */
  #stopping = new AbortController();
  #isWanted = true;
  /** The owner has taken the channel out of the config. */
  #isOff = false;
  #state: ChannelState = 'stopped';
  #since = Date.now();
  #error: ChannelError | undefined;
  #login: LoginStep | undefined;
  #running: Promise<void> = Promise.resolve();
  #restarting: Promise<void> = Promise.resolve();
  #waiting: (() => void)[] = [];

  constructor(parts: {
    channel: ChannelId;
    adapter: ChannelAdapter;
    makeHost: (signal: AbortSignal, onStateChange: (change: ChannelStateChange) => void) => AdapterHost;
    events: EventBus;
    backoff: BackoffOptions;
  }) {
    this.#channel = parts.channel;
    this.#adapter = parts.adapter;
    this.#makeHost = parts.makeHost;
    this.#events = parts.events;
    this.#backoff = parts.backoff;
  }

  /** That of the connection, or of the last one. */
  get adapter(): ChannelAdapter {
    return this.#adapter;
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** When the state became what it is; epoch milliseconds. */
  get since(): number {
    return this.#since;
  }

  /** Why the channel is not connected. */
  get error(): ChannelError | undefined {
    return this.#error;
  }

  /** What a person has to do, while the state is `needs_login`. */
  get login(): LoginStep | undefined {
    return this.#login;
  }

  /** Begins; does not wait for the connection. */
  start(): void {
    this.#running = this.#run();
  }

  /** Stops the adapter; resolves also when that hangs. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#halt();
    this.#wake();
  }

  /** Connects anew at once, whatever the state; also where a person was waited for. Resolves once that has begun. */
  restart(): Promise<void> {
    return this.#anew(() => {});
  }

  /**
   * Lets go of the adapter, and goes on with this one; `undefined`: the channel is off until there is one again. Resolves once
   * that has begun. Whoever waits for the connection goes on waiting.
   */
  exchange(adapter: ChannelAdapter | undefined): Promise<void> {
    return this.#anew(() => {
      this.#isOff = adapter === undefined;
      this.#adapter = adapter ?? this.#adapter;
    });
  }

  async #anew(change: () => void): Promise<void> {
    const before = this.#restarting;
    this.#restarting = before.then(async () => {
      await this.#halt();
      if (this.#state === 'rejected') this.#become('stopped');
      change();
      if (!this.#isWanted || this.#isOff) return;
      this.#stopping = new AbortController();
      this.start();
    });
    await this.#restarting;
  }

  async #halt(): Promise<void> {
    this.#stopping.abort();
    this.#lose(undefined);
    await this.#running;
  }

  /** Resolves when the channel is connected, or will not be any more because the gateway stops. */
  async connected(): Promise<void> {
    while (this.#state !== 'connected' && this.#isWanted) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** A send was refused for its credentials: so will the others be. */
  credentialsRefused(error: ChannelError): void {
    this.#lose(error);
  }

  /** Ends the current connection: with why it was lost, or with `undefined` because we stop. */
  #lose: (error: ChannelError | undefined) => void = () => {};

  async #run(): Promise<void> {
    const stopping = this.#stopping.signal;
    let failures = 0;
    this.#become('starting');
    while (!stopping.aborted) {
      const connection = new AbortController();
      const lost = new Promise<ChannelError | undefined>((resolve) => {
        this.#lose = resolve;
      });
      let connectedAt = Number.POSITIVE_INFINITY;
      const error = await this.#connect(connection.signal, lost, () => {
        connectedAt = Date.now();
      });
      if (Date.now() - connectedAt > STABLE_MS) failures = 0;
      this.#lose = () => {};
      connection.abort();
      await this.#letGo();
      if (error === undefined) break;
      if (error.kind === 'auth') {
        this.#become('rejected', { error });
        return;
      }
      failures += 1;
      const inMs = Math.max(backoff(failures, this.#backoff), error.retryAfterMs ?? 0);
      this.#become('disconnected', { error, inMs, failures });
      await sleep(inMs, stopping);
      if (!stopping.aborted) this.#become('reconnecting');
    }
    this.#become('stopped');
  }

  /** Resolves when the connection is over: with why it failed or was lost, or with `undefined` when we stop. */
  async #connect(
    signal: AbortSignal,
    lost: Promise<ChannelError | undefined>,
    onConnected: () => void,
  ): Promise<ChannelError | undefined> {
    let connected = false;
    const patience = new Patience(START_TIMEOUT_MS);
    const host = this.#makeHost(signal, (change) => {
      if (signal.aborted) return;
      if (change.state === 'disconnected') this.#lose(change.error);
      else if (change.state === 'needs_login') {
        if (connected) return;
        patience.suspend();
        this.#become('needs_login', { login: change.login });
      } else if (connected && change.state !== this.#state) this.#become(change.state, errorOf(change));
    });
    try {
      const started = Promise.resolve(this.#adapter.start(host));
      const early = await Promise.race([started.then(() => 'started' as const), lost, patience.lost()]);
      if (early !== 'started') {
        started.catch(() => {}); // it was told to stop; how it ends is of no interest
        return early;
      }
    } catch (error) {
      return ChannelError.from(error);
    } finally {
      patience.suspend();
    }
    onConnected();
    connected = true;
    this.#become('connected');
    return lost;
  }

  async #letGo(): Promise<void> {
    try {
      await within(
        STOP_TIMEOUT_MS,
        () => this.#adapter.stop(),
        () => new Error(`stop did not end within ${STOP_TIMEOUT_MS / 1000} s`),
      );
    } catch (error) {
      this.#events.emit('internal.error', { where: `adapter of channel ${this.#channel}`, error });
    }
  }

  #become(
    next: ChannelState,
    more: { error?: ChannelError; inMs?: number; failures?: number; login?: LoginStep } = {},
  ): void {
    if (!TRANSITIONS[this.#state].includes(next)) {
      throw new Error(`channel ${this.#channel} cannot go from ${this.#state} to ${next}`);
    }
    if (next !== this.#state) this.#since = Date.now();
    this.#state = next;
    this.#login = more.login;
    this.#error = next === 'connected' || next === 'stopped' ? undefined : (more.error ?? this.#error);
    this.#events.emit('channel.state', { channel: this.#channel, state: next, ...more });
    if (next === 'connected') this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Waits for an adapter to connect, though not while it waits for a person. */
class Patience {
  readonly #lost = Promise.withResolvers<ChannelError>();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number) {
    const error = new ChannelError('network', `no connection within ${ms / 1000} s`);
    this.#timer = setTimeout(() => this.#lost.resolve(error), ms);
  }

  /** Resolves when the time is up. */
  lost(): Promise<ChannelError> {
    return this.#lost.promise;
  }

  suspend(): void {
    clearTimeout(this.#timer);
  }
}

function errorOf(change: ChannelStateChange): { error?: ChannelError } {
  return 'error' in change && change.error !== undefined ? { error: change.error } : {};
}
