import { setImmediate as nextTurn } from 'node:timers/promises';

interface Timer {
  readonly at: number;
  readonly order: number;
  /** Of the program under test, and not of the world around it. */
  readonly inside: boolean;
  readonly run: () => void;
  readonly everyMs: number | undefined;
}

/** What `setTimeout` returns to the program under test. */
class Handle {
  timer: Timer | undefined;
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/**
 * Time that passes only when there is nothing else to do: a day of waiting takes no longer than its events.
 * While installed, the global timers and clocks are these; promises are the real ones. One thing happens at a time
 * (`step`), in an order that depends on nothing outside.
 */
export class VirtualTime {
  /** Milliseconds since the run began. Timers go by this, as they do by the monotonic clock. */
  now = 0;
  /** What the wall clock shows when the run begins; it may be set anew meanwhile. */
  wallClockAt0 = Date.UTC(2026, 0, 1);
  readonly #timers: Timer[] = [];
  readonly #immediates: (() => void)[] = [];
  #order = 0;

  /** Something in the world around happens after `ms`. */
  after(ms: number, run: () => void): void {
    this.#add({ at: this.now + ms, order: this.#order++, inside: false, run, everyMs: undefined });
  }

  /** Everything that the program under test is waiting for is forgotten, as if its process had ended. */
  forgetInside(): void {
    this.#immediates.length = 0;
    const others = this.#timers.filter(({ inside }) => !inside);
    this.#timers.splice(0, this.#timers.length, ...others);
  }

  /** Lets the next thing happen, with all that follows from it at once. */
  async step(): Promise<void> {
    const immediate = this.#immediates.shift();
    if (immediate !== undefined) immediate();
    else this.#fireNext();
    await nextTurn();
  }

  install(): Disposable {
    const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = globalThis;
    const { now } = Date;
    const monotonic = performance.now;
    const timeout = AbortSignal.timeout;
    const start = (run: (...args: unknown[]) => void, ms = 0, repeats: boolean, args: unknown[]): Handle => {
      const handle = new Handle();
      const delay = Math.max(1, Math.trunc(ms));
      const everyMs = repeats ? delay : undefined;
      const at = this.now + delay;
      const timer = { at, order: this.#order++, inside: true, run: () => run(...args), everyMs };
      handle.timer = timer;
      this.#add(timer);
      return handle;
    };
    const clear = (handle: Handle | undefined) => {
      const index = handle?.timer === undefined ? -1 : this.#timers.indexOf(handle.timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms?: number, ...args: unknown[]) => start(run, ms, false, args),
      setInterval: (run: () => void, ms?: number, ...args: unknown[]) => start(run, ms, true, args),
      clearTimeout: clear,
      clearInterval: clear,
      setImmediate: (run: () => void) => void this.#immediates.push(run),
    });
    Date.now = () => this.wallClockAt0 + this.now;
    performance.now = () => this.now;
    AbortSignal.timeout = (ms) => {
      const controller = new AbortController();
      start(() => controller.abort(new DOMException('it took too long', 'TimeoutError')), ms, false, []);
      return controller.signal;
    };
    return {
      [Symbol.dispose]() {
        Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate });
        Date.now = now;
        performance.now = monotonic;
        AbortSignal.timeout = timeout;
      },
    };
  }

  #fireNext(): void {
    const timer = this.#timers.shift();
    if (timer === undefined) throw new Error('nothing is left that could ever happen');
    this.now = Math.max(this.now, timer.at);
    if (timer.everyMs !== undefined) this.#again(timer, timer.everyMs);
    timer.run();
  }

  #again(timer: Timer, everyMs: number): void {
    // The same object, so that its handle still clears it.
    this.#add(Object.assign(timer, { at: this.now + everyMs, order: this.#order++ }));
  }

  #add(timer: Timer): void {
    const index = this.#timers.findLastIndex(({ at }) => at <= timer.at);
    this.#timers.splice(index + 1, 0, timer);
  }
}
