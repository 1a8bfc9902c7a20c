import { Fifo } from './fifo.ts';

/**
 * When the process dies, every turn that ran may be to blame, and mostly one is. So those that were there too often run one
 * at a time: the next death then counts against one of them only, and the others are not given up with it.
 */
export class Suspects<T> {
  readonly #waiting = new Fifo<T>();
  #running: T | undefined;

  /** Whether this one may run now; otherwise it waits, and `ended` gives it back. */
  admit(one: T): boolean {
    if (this.#running === undefined) this.#running = one;
    else this.#waiting.push(one);
    return this.#running === one;
  }

  /** What ran has ended. Gives the one that may be admitted now, if it was a suspect and others wait. */
  ended(one: T): T | undefined {
    if (this.#running !== one) return undefined;
    this.#running = undefined;
    return this.#waiting.shift();
  }
}
