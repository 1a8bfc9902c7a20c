import { LANGUAGES } from '../contract/index.ts';
import { textsIn } from '../texts/index.ts';

/**
 * How much room the mark of a message needs whose first attempt may have arrived: as much as in the language in which it is
 * longest. `measure` says how long the mark is with these words in it.
 */
export function roomForMark(measure: (sentAgain: string) => number): number {
  return Math.max(...LANGUAGES.map((language) => measure(textsIn(language).chat.sentAgain)));
}
