import { type Crowd, PEOPLE } from './crowds/index.ts';

export interface Said {
  readonly text: string;
  readonly crowd: Crowd;
  readonly person: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** People on many platforms who write numbered messages all the time, whether anybody listens or not. */
export class Talk {
  /** By the numbers in their texts. */
  readonly said = new Map<number, Said>();
  readonly #crowds: readonly Crowd[];
  readonly #chance: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(crowds: readonly Crowd[], chance: () => number) {
    this.#crowds = crowds;
    this.#chance = chance;
  }

  /** Everybody says something. */
  all(): void {
    for (const crowd of this.#crowds) {
      for (let person = 0; person < PEOPLE; person += 1) this.#say(crowd, person);
    }
  }

  /** From now on somebody says something every so many milliseconds, more or less. */
  begin(everyMs: number): void {
    this.#timer = setTimeout(
      () => {
        this.#say(this.#oneOf(this.#crowds), Math.floor(this.#chance() * PEOPLE));
        this.begin(everyMs);
      },
      this.#chance() * 2 * everyMs,
    );
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #oneOf<T>(things: readonly T[]): T {
    return things[Math.floor(this.#chance() * things.length)] as T;
  }

  #say(crowd: Crowd, person: number): void {
    const number = this.said.size + 1;
    const text = `message ${number}`;
    this.said.set(number, { text, crowd, person, at: Date.now() });
    crowd.say(person, text);
  }
}

/** The number of what was said, also where it is quoted. */
export function numberIn(text: string): number {
  return Number(/message (\d+)/.exec(text)?.[1] ?? Number.NaN);
}
