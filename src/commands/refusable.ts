import { PeopleError } from '../gateway/index.ts';

/** Something that may not be possible, for a reason that people can understand. */
export function refusable(change: () => string): () => string {
  return () => {
    try {
      return change();
    } catch (error) {
      if (error instanceof PeopleError) return error.refusal;
      throw error;
    }
  };
}
