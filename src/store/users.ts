import type { Database } from 'better-sqlite3';
import type { AgentId, Language, UserId } from '../contract/index.ts';
import { idNumber } from './ids.ts';

/** What a person chose. */
export interface UserChoices {
  readonly language: Language | undefined;
  /** Who answers them in direct chats. */
  readonly agent: AgentId | undefined;
  /** The chat (its row) that answers go to, wherever they write. */
  readonly answerIn: number | undefined;
}

const NOTHING: UserChoices = { language: undefined, agent: undefined, answerIn: undefined };

/** The `users` table: a row for each person who chose something. */
export function usersTable(db: Database) {
  const get = db.prepare('SELECT language, agent, answer_in AS answerIn FROM users WHERE id = ?');
  const put = db.prepare('INSERT OR REPLACE INTO users (id, language, agent, answer_in) VALUES (?, ?, ?, ?)');

  function choicesOf(user: UserId): UserChoices {
    const row = get.get(idNumber(user)) as
      | { [Key in keyof UserChoices]: UserChoices[Key] | null }
      | undefined;
    if (row === undefined) return NOTHING;
    return {
      language: row.language ?? undefined,
      agent: row.agent ?? undefined,
      answerIn: row.answerIn ?? undefined,
    };
  }

  return {
    choicesOf,

    /** Changes some of it; `undefined` takes a choice back. To be called within a write. */
    choose(user: UserId, choices: Partial<UserChoices>): void {
      const { language, agent, answerIn } = { ...choicesOf(user), ...choices };
      put.run(idNumber(user), language ?? null, agent ?? null, answerIn ?? null);
    },
  };
}
