import type { Database } from 'better-sqlite3';
import type { AgentId, Json, SessionId, TurnId, UserId } from '../contract/index.ts';
import { type IdSource, idNumber, idText } from './ids.ts';

export interface SessionRow {
  readonly id: SessionId;
  readonly agent: AgentId;
  readonly state: Json | undefined;
}

/** The key of a user's conversation with an agent in direct chats. */
export function directKey(user: UserId, agent: string): string {
  return `user ${user} agent ${agent}`;
}

/** The key of a group's conversation with an agent. */
export function groupKey(chat: number, agent: string): string {
  return `chat ${chat} agent ${agent}`;
}

/** The `sessions` table. A session's key says what it is for: a user or a chat, and an agent. */
export function sessionsTable(db: Database, ids: IdSource) {
  const find = db.prepare('SELECT id FROM sessions WHERE key = ?').pluck();
  const insert = db.prepare('INSERT INTO sessions (id, key, agent, created_at) VALUES (?, ?, ?, ?)');
  const get = db.prepare('SELECT agent, state FROM sessions WHERE id = ?');
  const agentOf = db.prepare('SELECT agent FROM sessions WHERE id = ?').pluck();
  const withPrefix = db.prepare('SELECT id, agent FROM sessions WHERE key GLOB ?');
  const saveState = db.prepare(
    'UPDATE sessions SET state = :state WHERE id = :id AND (begins_at IS NULL OR begins_at <= :turn)',
  );
  const beginAt = db.prepare('UPDATE sessions SET begins_at = ?, state = NULL WHERE id = ?');

  return {
    /** The session of a key; makes it when it is new. To be called within a write. */
    sessionOf(key: string, agent: AgentId): SessionId {
      const known = find.get(key) as number | undefined;
      if (known !== undefined) return idText(known);
      const id = ids.next();
      insert.run(id, key, agent, Date.now());
      return idText(id);
    },

    get(id: SessionId): SessionRow | undefined {
      const row = get.get(idNumber(id)) as { agent: AgentId; state: string | null } | undefined;
      if (row === undefined) return undefined;
      return {
        id,
        agent: row.agent,
        state: row.state === null ? undefined : (JSON.parse(row.state) as Json),
      };
    },

    agentOf(id: SessionId): AgentId | undefined {
      return agentOf.get(idNumber(id)) as AgentId | undefined;
    },

    /** The conversations that a user has in direct chats, with each agent. */
    ofUser(user: UserId): { id: SessionId; agent: AgentId }[] {
      const rows = withPrefix.all(`${directKey(user, '*')}`) as { id: number; agent: AgentId }[];
      return rows.map(({ id, agent }) => ({ id: idText(id), agent }));
    },

    /** What a turn leaves to the next runtime; nothing, if the conversation has begun anew since that turn was asked. */
    saveState(id: SessionId, state: Json, turn: TurnId): void {
      saveState.run({ id: idNumber(id), state: JSON.stringify(state), turn: idNumber(turn) });
    },

    /** The conversation begins anew: turns before `turn`, and the agent's state, are no longer remembered. */
    beginAt(id: SessionId, turn: TurnId): void {
      beginAt.run(idNumber(turn), idNumber(id));
    },
  };
}
