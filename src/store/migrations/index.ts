import { ledger } from './001-ledger.ts';
import { filesAndChoices } from './002-files-and-choices.ts';
import { deadLetters } from './003-dead-letters.ts';
import { people } from './004-people.ts';
import { conversations } from './005-conversations.ts';
import { contacts } from './006-contacts.ts';

/**
 * In order; the n-th takes a database from `user_version` n-1 to n. Never edited once released: a change is a new one.
 * A migration only adds (tables, nullable columns, indexes), so that the previous program can still read the database.
 */
export const migrations: readonly string[] = [
  ledger,
  filesAndChoices,
  deadLetters,
  people,
  conversations,
  contacts,
];
