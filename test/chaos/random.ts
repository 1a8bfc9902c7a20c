import { chanceOf } from '../kit/chance.ts';

/** Chance that a seed determines: the same seed, the same numbers. */
export class Random {
  /** As Math.random. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = chanceOf(seed);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)] as T;
  }

  list<T>(length: number, make: (index: number) => T): T[] {
    return Array.from({ length }, (_, index) => make(index));
  }
}
