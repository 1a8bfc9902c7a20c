import type { Database } from 'better-sqlite3';
import type { AgentId, SessionId, UserId } from '../contract/index.ts';
import { idText } from './ids.ts';

/** One conversation of late. */
export interface Conversation {
  readonly session: SessionId;
  readonly agent: AgentId;
  /** Whose it is, in direct chats. */
  readonly user: UserId | undefined;
  /** Of a group: what people call it, or else its id. */
  readonly group: string | undefined;
  readonly channel: string | undefined;
  /** When its latest turn ended, in epoch milliseconds. */
  readonly lastAt: number;
}

/** The latest turns that are looked at. */
const TURNS = 1_000;

/** What is talked about of late, by the latest turns: cheap, however many conversations there are. */
export function conversationsView(db: Database) {
  const latest = db.prepare(
    `SELECT s.id AS session, s.agent, s.key, max(t.ended_at) AS lastAt, c.channel, coalesce(c.title, c.chat) AS title
     FROM (SELECT session, ended_at FROM turns ORDER BY id DESC LIMIT ${TURNS}) t
       JOIN sessions s ON s.id = t.session
       LEFT JOIN chats c ON s.key GLOB 'chat *' AND c.id = CAST(substr(s.key, 6) AS INTEGER)
     GROUP BY s.id ORDER BY lastAt DESC LIMIT ?`,
  );

  return {
    /** The latest first. */
    latest(limit: number): Conversation[] {
      return (latest.all(limit) as Columns[]).map(({ session, agent, key, lastAt, channel, title }) => ({
        session: idText<SessionId>(session),
        agent,
        user: /^user (\S+)/.exec(key)?.[1] as UserId | undefined,
        group: title ?? undefined,
        channel: channel ?? undefined,
        lastAt,
      }));
    },
  };
}

interface Columns {
  session: number;
  agent: AgentId;
  /** See directKey and groupKey. */
  key: string;
  lastAt: number;
  channel: string | null;
  title: string | null;
}
