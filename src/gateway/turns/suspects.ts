import { Fifo } from '../fifo.ts';

/**
 * When the process dies, every turn that ran may be to blame, and mostly one is. So those that were there too often run one
 * at a time: the next death then counts against one of them only, and the others are not given up with it.
 */
export class Suspects<T> {
  readonly #waiting = new Fifo<T>();
  #running: T | undefined;

  /** Whether this one may run now; otherwise it waits, and `ended` gives it back, to ask again. */
  admit(one: T): boolean {
    if (this.#running === undefined) this.#running = one;
    else this.#waiting.push(one);
    return this.#running === one;
  }

  /** What ran has ended. Gives those that wait, if it was a suspect. */
  ended(one: T): readonly T[] {
    if (this.#running !== one) return [];
    this.#running = undefined;
    return this.#waiting.takeAll();
  }
}
