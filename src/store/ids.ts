import { randomInt } from 'node:crypto';

/**
 * Ids as the database keeps them: integers below 2^53 (JavaScript's exact range) that grow with time, so that they are
 * rowids, need no index of their own, and sort by arrival. 41 bits of epoch milliseconds, 12 bits within one.
 * Outside the database they are written in base 36: eleven characters, safe in a URL, a nonce and a shell.
 */
export class IdSource {
  #last: number;

  /** `last` is the largest id in use: the clock may have been set back since. */
  constructor(last: number) {
    this.#last = last;
  }

  next(): number {
    // The random start makes ids of two gateways (or of a database that was made anew) differ within a millisecond.
    const fresh = Date.now() * 4096;
    this.#last = this.#last >= fresh ? this.#last + 1 : fresh + randomInt(1024);
    return this.#last;
  }
}

export const idText = <Id extends string>(id: number): Id => id.toString(36) as Id;
/** When it was given out; epoch milliseconds. */
export const idTime = (id: string): number => Math.floor(idNumber(id) / 4096);
export const idNumber = (id: string): number => Number.parseInt(id, 36);
