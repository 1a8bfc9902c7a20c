import type { Database } from 'better-sqlite3';
import type { ChannelId, InboundId, InboundMessage, Sender, SessionId, TurnId } from '../contract/index.ts';
import { WrongState } from './errors.ts';
import { idNumber, idText } from './ids.ts';

export interface NewInboxRow {
  readonly id: InboundId;
  readonly channel: ChannelId;
  readonly dedupeKey: string;
  /** Absent for an event that could not be read. */
  readonly chat: number | undefined;
  readonly session: SessionId | undefined;
  /** The InboundMessage as JSON, or the payload that could not be read. */
  readonly message: string;
  readonly state: 'queued' | 'running' | 'ignored' | 'dead';
  readonly reason: string | undefined;
  readonly receivedAt: number;
}

/** A message that waits for an answer. */
export interface OpenInboxRow {
  readonly id: InboundId;
  readonly channel: ChannelId;
  readonly chat: number;
  readonly session: SessionId;
  /** How many runs of its turn were begun. */
  readonly attempts: number;
  /** It is a command, and not for an agent. */
  readonly isCommand: boolean;
}

/** A message of which an agent is told. */
export interface Told {
  readonly id: InboundId;
  readonly message: InboundMessage;
}

type ToldRow = { readonly id: number; readonly message: string };

/** A message that a turn was to answer. */
export interface AskedRow extends Told {
  readonly channel: ChannelId;
  readonly chat: number;
  readonly session: SessionId;
  /** It is a dead letter that waits. */
  readonly isDead: boolean;
}

/** How the dedupe key begins of what is asked again: people said it once, and see it once. */
export const AGAIN = 'again';
/** What is noted with a command for as long as it runs. */
export const COMMAND = 'command';

/** The `inbox` table. Every change of state asserts the state it starts from, and throws WrongState otherwise. */
export function inboxTable(db: Database) {
  const insert = db.prepare(
    `INSERT INTO inbox (id, channel, dedupe_key, chat, session, message, state, reason, dead_kind, attempts, received_at,
                        ended_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, dedupe_key) DO NOTHING`,
  );
  const claim = db.prepare(
    `UPDATE inbox SET state = 'running', attempts = attempts + 1 WHERE id = ? AND state IN ('queued', 'running')`,
  );
  const take = db.prepare(
    `UPDATE inbox SET state = 'running' WHERE id = ? AND state IN ('queued', 'running')`,
  );
  const park = db.prepare(
    `UPDATE inbox SET state = 'queued', attempts = attempts - 1 WHERE id = ? AND state = 'running'`,
  );
  const end = db.prepare(
    `UPDATE inbox SET state = ?, reason = ?, dead_kind = ?, turn = ?, ended_at = ? WHERE id = ? AND state = 'running'`,
  );
  const message = db.prepare('SELECT message FROM inbox WHERE id = ?').pluck();
  const open = db.prepare(
    `SELECT id, channel, chat, session, attempts, reason IS '${COMMAND}' AS isCommand FROM inbox
     WHERE ended_at IS NULL AND id > ? ORDER BY id LIMIT ?`,
  );
  const between = (reasons: string) =>
    db.prepare(
      `SELECT id, message FROM inbox WHERE chat = ? AND id > ? AND id < ? AND reason IN (${reasons})
       ORDER BY id DESC LIMIT ?`,
    );
  const noted = between(`'noted', 'too_late'`);
  const overheard = between(`'not_addressed'`);
  const ofTurn = db.prepare(
    `SELECT id, channel, chat, session, message, state = 'dead' AND resolution IS NULL AS isDead
     FROM inbox WHERE turn = :turn AND id >= :turn ORDER BY id`,
  );
  const latest = db
    .prepare(`SELECT message FROM inbox WHERE chat = ? AND state <> 'ignored' ORDER BY id DESC LIMIT 1`)
    .pluck();
  const lines = db.prepare(
    `SELECT dedupe_key AS dedupeKey, message, received_at AS at FROM inbox
     WHERE chat = ? AND state <> 'ignored' AND dedupe_key NOT GLOB '${AGAIN} *' ORDER BY id DESC LIMIT ?`,
  );

  const move = db.prepare('UPDATE inbox SET session = ? WHERE session = ? AND ended_at IS NULL');
  const moveChat = db.prepare(
    'UPDATE inbox SET session = ? WHERE session = ? AND ended_at IS NULL AND chat = ?',
  );
  const sessionOf = db.prepare('SELECT session FROM inbox WHERE id = ?').pluck();

  return {
    /** False if the channel already has a message with this key; then nothing is changed. */
    insert(row: NewInboxRow): boolean {
      const ended = row.state === 'ignored' || row.state === 'dead';
      const { changes } = insert.run(
        idNumber(row.id),
        row.channel,
        row.dedupeKey,
        row.chat ?? null,
        row.session === undefined ? null : idNumber(row.session),
        row.message,
        row.state,
        row.reason ?? null,
        row.state === 'dead' ? 'unreadable' : null,
        row.state === 'running' ? 1 : 0,
        row.receivedAt,
        ended ? row.receivedAt : null,
      );
      return changes === 1;
    },

    /** queued | running → running: another run of its turn begins. */
    claim(id: InboundId): void {
      if (claim.run(idNumber(id)).changes !== 1) throw new WrongState(`inbound ${id} is not open`);
    },

    /** queued | running → running: it is to be ended, without another run. */
    take(id: InboundId): void {
      if (take.run(idNumber(id)).changes !== 1) throw new WrongState(`inbound ${id} is not open`);
    },

    /** running → queued: the run was broken off by us and does not count. */
    park(id: InboundId): void {
      if (park.run(idNumber(id)).changes !== 1) throw new WrongState(`inbound ${id} is not running`);
    },

    /** running → answered | superseded | dead. */
    end(
      id: InboundId,
      state: 'answered' | 'superseded' | 'dead',
      reason: string | undefined,
      turn: TurnId,
      at: number,
    ): void {
      const { changes } = end.run(
        state,
        reason ?? null,
        state === 'dead' ? 'failed' : null,
        idNumber(turn),
        at,
        idNumber(id),
      );
      if (changes !== 1) throw new WrongState(`inbound ${id} is not running`);
    },

    /** Where a message belongs now: people may have been linked since it came. */
    sessionOf(id: InboundId): SessionId {
      return idText(sessionOf.get(idNumber(id)) as number);
    },

    /** What is open goes over to another conversation: what came in `chat`, or all of it. To be called within a write. */
    move(from: SessionId, to: SessionId, chat?: number): void {
      if (chat === undefined) move.run(idNumber(to), idNumber(from));
      else moveChat.run(idNumber(to), idNumber(from), chat);
    },

    message(id: InboundId): InboundMessage {
      return JSON.parse(message.get(idNumber(id)) as string) as InboundMessage;
    },

    /** What is not ended, in order of arrival, at most `limit` rows after `after`. */
    open(after: InboundId | undefined, limit: number): OpenInboxRow[] {
      const rows = open.all(after === undefined ? 0 : idNumber(after), limit) as (Omit<
        OpenInboxRow,
        'id' | 'session' | 'isCommand'
      > & { id: number; session: number; isCommand: number })[];
      return rows.map((row) => ({
        ...row,
        id: idText(row.id),
        session: idText(row.session),
        isCommand: row.isCommand === 1,
      }));
    },

    /** What was noted in a chat between two messages (changes of what was said before, and what came too late), oldest first. */
    noted(chat: number, after: InboundId | undefined, before: InboundId, limit: number): Told[] {
      const rows = noted.all(chat, after === undefined ? 0 : idNumber(after), idNumber(before), limit);
      return (rows as ToldRow[]).reverse().map(toldOf);
    },

    /** What was said in a group between two messages without being said to us, newest first. */
    overheard(chat: number, after: InboundId | undefined, before: InboundId, limit: number): Told[] {
      const rows = overheard.all(chat, after === undefined ? 0 : idNumber(after), idNumber(before), limit);
      return (rows as ToldRow[]).map(toldOf);
    },

    /** What a turn was to answer, oldest first. */
    ofTurn(turn: TurnId): AskedRow[] {
      const rows = ofTurn.all({ turn: idNumber(turn) }) as (Omit<
        AskedRow,
        'id' | 'session' | 'message' | 'isDead'
      > & {
        id: number;
        session: number;
        message: string;
        isDead: number;
      })[];
      return rows.map(({ id, session, message: json, isDead, ...row }) => ({
        ...row,
        id: idText(id),
        session: idText(session),
        message: JSON.parse(json) as InboundMessage,
        isDead: isDead === 1,
      }));
    },

    /** Who wrote the latest message of a chat that was not ignored. */
    latestSender(chat: number): Sender | undefined {
      const row = latest.get(chat) as string | undefined;
      return row === undefined ? undefined : (JSON.parse(row) as InboundMessage).sender;
    },

    /** The latest messages of a chat that were not ignored, newest first. */
    linesOf(
      chat: number,
      limit: number,
    ): (Required<Pick<InboundMessage, 'text' | 'attachments'>> & { dedupeKey: string; at: number })[] {
      const rows = lines.all(chat, limit) as { dedupeKey: string; message: string; at: number }[];
      return rows.map(({ dedupeKey, message, at }) => {
        const { text, attachments = [] } = JSON.parse(message) as InboundMessage;
        return { dedupeKey, text, attachments, at };
      });
    },
  };
}

function toldOf({ id, message }: ToldRow): Told {
  return { id: idText(id), message: JSON.parse(message) as InboundMessage };
}
