import type { Database } from 'better-sqlite3';
import type { OutboundFile, OutboundId, PlatformMessageId, RenderedText, TurnId } from '../contract/index.ts';
import type { DeadKind } from './dead-letters.ts';
import { WrongState } from './errors.ts';
import { idNumber, idText } from './ids.ts';

/** What is said in one message. */
export interface OutboxContent {
  readonly turn: TurnId;
  readonly body: RenderedText;
  /** What it answers; of a reaction: the message it belongs to. */
  readonly replyTo?: PlatformMessageId;
  readonly files?: readonly [OutboundFile, ...OutboundFile[]];
  readonly choices?: readonly string[];
  /** An emoji: then this is no message of its own, and `body` is empty. */
  readonly reaction?: string;
}

export interface NewOutboxRow {
  readonly id: OutboundId;
  readonly chat: number;
  /** When it is too late to be sent, in epoch milliseconds. */
  readonly expiresAt: number;
  readonly content: OutboxContent;
  readonly state: 'pending' | 'sending';
  readonly createdAt: number;
}

/** A message that is not delivered yet. */
export interface OpenOutboxRow {
  /** Its place in the order in which things were said. */
  readonly seq: number;
  readonly id: OutboundId;
  readonly chat: number;
  readonly state: 'pending' | 'sending' | 'unknown';
  readonly attempts: number;
  /** Those before its schedule of retries last began anew. */
  readonly attemptsBefore: number;
  readonly possiblyRepeated: boolean;
  readonly notBefore: number;
  /** When the first attempt of unknown outcome began. */
  readonly doubtAt: number | undefined;
  /** When it is too late to be sent. */
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
}

/** A message that did not arrive. */
export interface UndeliveredLine {
  readonly id: OutboundId;
  /** Without markup where it is known. */
  readonly text: string;
  readonly at: number;
}

/** A message to a chat, as its people see it. */
export interface OutboxLine {
  readonly id: OutboundId;
  readonly turn: TurnId;
  readonly text: string;
  readonly at: number;
  readonly files: readonly OutboundFile[];
  readonly choices: readonly string[];
}

const OPEN_COLUMNS = `seq, id, chat, state, attempts, attempts_before AS attemptsBefore,
  possibly_repeated AS possiblyRepeated, coalesce(not_before, 0) AS notBefore, doubt_at AS doubtAt,
  expires_at AS expiresAt, created_at AS createdAt`;

interface OpenColumns extends Omit<OpenOutboxRow, 'possiblyRepeated' | 'doubtAt' | 'expiresAt'> {
  possiblyRepeated: number;
  doubtAt: number | null;
  expiresAt: number | null;
}

interface ContentColumns {
  turn: number;
  text: string;
  plain: string | null;
  replyTo: PlatformMessageId | null;
  files: string | null;
  choices: string | null;
  reaction: string | null;
}

/** The `outbox` table. Every change of state asserts the state it starts from, and throws WrongState otherwise. */
export function outboxTable(db: Database) {
  const insert = db.prepare(
    `INSERT INTO outbox (id, turn, chat, body, plain, reply_to, files, choices, reaction, state, attempts, created_at,
                         expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const sending = db.prepare(
    `UPDATE outbox SET state = 'sending', attempts = attempts + 1, possibly_repeated = possibly_repeated | ?
     WHERE id = ? AND state IN ('pending', 'unknown')`,
  );
  const sent = db.prepare(
    `UPDATE outbox SET state = 'sent', platform_id = ?, ended_at = ? WHERE id = ? AND state IN ('sending', 'unknown')`,
  );
  const unknown = db.prepare(
    `UPDATE outbox SET state = 'unknown', doubt_at = coalesce(doubt_at, ?) WHERE id = ? AND state = 'sending'`,
  );
  const again = db.prepare(
    `UPDATE outbox SET state = 'pending', not_before = ?, possibly_repeated = possibly_repeated | ?
     WHERE id = ? AND state IN ('sending', 'unknown')`,
  );
  const dead = db.prepare(
    `UPDATE outbox SET state = 'dead', dead_kind = ?, reason = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL`,
  );
  const open = db.prepare(
    `SELECT ${OPEN_COLUMNS} FROM outbox WHERE ended_at IS NULL AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const openOne = db.prepare(`SELECT ${OPEN_COLUMNS} FROM outbox WHERE id = ? AND ended_at IS NULL`);
  const content = db.prepare(
    'SELECT turn, body AS text, plain, reply_to AS replyTo, files, choices, reaction FROM outbox WHERE id = ?',
  );
  const lines = db.prepare(
    `SELECT id, turn, body AS text, created_at AS at, files, choices FROM outbox
     WHERE chat = ? AND reaction IS NULL ORDER BY seq DESC LIMIT ?`,
  );
  const undelivered = db.prepare(
    `SELECT id, coalesce(plain, body) AS text, ended_at AS at FROM outbox
     WHERE chat = ? AND state = 'dead' AND reaction IS NULL
       AND ended_at > coalesce((SELECT started_at FROM turns WHERE id = ?), 0)
     ORDER BY seq DESC LIMIT ?`,
  );
  const latestChoices = db
    .prepare('SELECT choices FROM outbox WHERE chat = ? AND reaction IS NULL ORDER BY seq DESC LIMIT 1')
    .pluck();

  const expectOne = (changes: number, id: OutboundId, expected: string) => {
    if (changes !== 1) throw new WrongState(`outbound ${id} is not ${expected}`);
  };

  return {
    insert({ id, chat, content, state, createdAt, expiresAt }: NewOutboxRow): void {
      insert.run(
        id,
        idNumber(content.turn),
        chat,
        content.body.text,
        content.body.plain ?? null,
        content.replyTo ?? null,
        content.files === undefined ? null : JSON.stringify(content.files),
        content.choices === undefined ? null : JSON.stringify(content.choices),
        content.reaction ?? null,
        state,
        state === 'sending' ? 1 : 0,
        createdAt,
        expiresAt,
      );
    },

    /** pending | unknown → sending: the network call begins once this is on disk. */
    sending(id: OutboundId, possiblyRepeated: boolean): void {
      expectOne(sending.run(possiblyRepeated ? 1 : 0, id).changes, id, 'pending');
    },

    /** sending | unknown → sent. */
    sent(id: OutboundId, platformId: PlatformMessageId | undefined, at: number): void {
      expectOne(sent.run(platformId ?? null, at, id).changes, id, 'being sent');
    },

    /** sending → unknown: nobody knows whether the attempt that began at `startedAt` arrived. */
    unknown(id: OutboundId, startedAt: number): void {
      expectOne(unknown.run(startedAt, id).changes, id, 'being sent');
    },

    /** sending | unknown → pending. */
    again(id: OutboundId, notBefore: number, possiblyRepeated: boolean): void {
      expectOne(again.run(notBefore, possiblyRepeated ? 1 : 0, id).changes, id, 'being sent');
    },

    /** any open state → dead. */
    dead(id: OutboundId, kind: DeadKind, reason: string, at: number): void {
      expectOne(dead.run(kind, reason, at, id).changes, id, 'open');
    },

    /** What is not ended, in the order in which it was said; pages by the last row's `seq`. */
    open(afterSeq: number, limit: number): OpenOutboxRow[] {
      return (open.all(afterSeq, limit) as OpenColumns[]).map(opened);
    },

    /** One that is not ended. */
    openOne(id: OutboundId): OpenOutboxRow | undefined {
      const row = openOne.get(id) as OpenColumns | undefined;
      return row && opened(row);
    },

    content(id: OutboundId): OutboxContent {
      const row = content.get(id) as ContentColumns;
      return {
        turn: idText(row.turn),
        body: row.plain === null ? { text: row.text } : { text: row.text, plain: row.plain },
        ...(row.replyTo !== null && { replyTo: row.replyTo }),
        ...(row.files !== null && { files: JSON.parse(row.files) as [OutboundFile, ...OutboundFile[]] }),
        ...(row.choices !== null && { choices: JSON.parse(row.choices) as string[] }),
        ...(row.reaction !== null && { reaction: row.reaction }),
      };
    },

    /** What was given up in a chat since its last turn began, oldest first. */
    undelivered(chat: number, lastTurn: TurnId | undefined, limit: number): UndeliveredLine[] {
      const turn = lastTurn === undefined ? null : idNumber(lastTurn);
      return (undelivered.all(chat, turn, limit) as UndeliveredLine[]).reverse();
    },

    /** The choices under the latest message to a chat; none if it has none. */
    latestChoices(chat: number): readonly string[] {
      const choices = latestChoices.get(chat) as string | null | undefined;
      return choices ? (JSON.parse(choices) as string[]) : [];
    },

    /** The latest messages to a chat, newest first. */
    linesOf(chat: number, limit: number): OutboxLine[] {
      const rows = lines.all(chat, limit) as {
        id: OutboundId;
        turn: number;
        text: string;
        at: number;
        files: string | null;
        choices: string | null;
      }[];
      return rows.map(({ files, choices, turn, ...row }) => ({
        ...row,
        turn: idText(turn),
        files: files === null ? [] : JSON.parse(files),
        choices: choices === null ? [] : JSON.parse(choices),
      }));
    },
  };
}

function opened({ possiblyRepeated, doubtAt, expiresAt, ...row }: OpenColumns): OpenOutboxRow {
  return {
    ...row,
    possiblyRepeated: possiblyRepeated === 1,
    doubtAt: doubtAt ?? undefined,
    expiresAt: expiresAt ?? undefined,
  };
}
