import type { Language } from '../contract/index.ts';
import { type CommandReply, PeopleError } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';

/** Something that may not be possible, for a reason that people can understand: then they are told that instead. */
export function refusable(
  language: Language,
  change: () => string | CommandReply,
): () => string | CommandReply {
  return () => {
    try {
      return change();
    } catch (error) {
      if (error instanceof PeopleError) return commandTextsIn(language).refusals[error.refusal];
      throw error;
    }
  };
}
