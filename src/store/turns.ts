import type { Database } from 'better-sqlite3';
import type { AgentId, HistoryEntry, Json, SessionId, TurnId } from '../contract/index.ts';
import { idNumber, idText } from './ids.ts';

export interface TurnRow {
  readonly id: TurnId;
  readonly session: SessionId;
  readonly agent: AgentId;
  readonly state: 'committed' | 'cancelled' | 'failed';
  readonly error?: string;
  readonly attempts: number;
  /** What the turn adds to its session's history. */
  readonly history: readonly HistoryEntry[];
  /** What the agent reported on the way: name and value of each `data` event. */
  readonly data: readonly Json[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The `turns` table: one row for each turn that ended; a session's history is its turns put together. */
export function turnsTable(db: Database) {
  const insert = db.prepare(
    `INSERT INTO turns (id, session, agent, state, error, attempts, history, data, started_at, ended_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const latestId = db.prepare('SELECT max(id) FROM turns WHERE session = ?').pluck();
  const latest = db.prepare('SELECT history FROM turns WHERE session = ? ORDER BY id DESC LIMIT ?').pluck();

  const move = db.prepare('UPDATE turns SET session = ? WHERE session = ?');
  const moveChat = db.prepare(
    'UPDATE turns SET session = ? WHERE session = ? AND id IN (SELECT id FROM inbox WHERE chat = ?)',
  );

  return {
    insert(turn: TurnRow): void {
      insert.run(
        idNumber(turn.id),
        idNumber(turn.session),
        turn.agent,
        turn.state,
        turn.error ?? null,
        turn.attempts,
        JSON.stringify(turn.history),
        turn.data.length === 0 ? null : JSON.stringify(turn.data),
        turn.startedAt,
        turn.endedAt,
      );
    },

    /** Two conversations become one, or one becomes two: what was asked in `chat`, or all of it. To be called within a write. */
    move(from: SessionId, to: SessionId, chat?: number): void {
      if (chat === undefined) move.run(idNumber(to), idNumber(from));
      else moveChat.run(idNumber(to), idNumber(from), chat);
    },

    latestOf(session: SessionId): TurnId | undefined {
      const id = latestId.get(idNumber(session)) as number | null;
      return id === null ? undefined : idText(id);
    },

    /** The history of a session's latest turns, oldest entry first. */
    history(session: SessionId, turns: number): HistoryEntry[] {
      const rows = latest.all(idNumber(session), turns) as string[];
      return rows.reverse().flatMap((row) => JSON.parse(row) as HistoryEntry[]);
    },
  };
}
