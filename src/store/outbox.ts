import type { Database } from 'better-sqlite3';
import type { OutboundId, PlatformMessageId, RenderedText, TurnId } from '../contract/index.ts';
import { WrongState } from './errors.ts';
import { idNumber, idText } from './ids.ts';

export interface NewOutboxRow {
  readonly id: OutboundId;
  readonly turn: TurnId;
  readonly chat: number;
  readonly body: RenderedText;
  readonly replyTo: PlatformMessageId | undefined;
  readonly state: 'pending' | 'sending';
  readonly createdAt: number;
}

/** A message that is not delivered yet. */
export interface OpenOutboxRow {
  readonly id: OutboundId;
  readonly chat: number;
  readonly state: 'pending' | 'sending' | 'unknown';
  readonly attempts: number;
  readonly possiblyRepeated: boolean;
  readonly notBefore: number;
  readonly createdAt: number;
}

export interface OutboxContent {
  readonly turn: TurnId;
  readonly body: RenderedText;
  readonly replyTo: PlatformMessageId | undefined;
}

/** The `outbox` table. Every change of state asserts the state it starts from, and throws WrongState otherwise. */
export function outboxTable(db: Database) {
  const insert = db.prepare(
    `INSERT INTO outbox (id, turn, chat, body, plain, reply_to, state, attempts, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const sending = db.prepare(
    `UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND state IN ('pending', 'unknown')`,
  );
  const sent = db.prepare(
    `UPDATE outbox SET state = 'sent', platform_id = ?, ended_at = ? WHERE id = ? AND state IN ('sending', 'unknown')`,
  );
  const unknown = db.prepare(`UPDATE outbox SET state = 'unknown' WHERE id = ? AND state = 'sending'`);
  const again = db.prepare(
    `UPDATE outbox SET state = 'pending', not_before = ?, possibly_repeated = possibly_repeated | ?
     WHERE id = ? AND state IN ('sending', 'unknown')`,
  );
  const dead = db.prepare(
    `UPDATE outbox SET state = 'dead', reason = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL`,
  );
  const open = db.prepare(
    `SELECT seq, id, chat, state, attempts, possibly_repeated AS possiblyRepeated,
            coalesce(not_before, 0) AS notBefore, created_at AS createdAt
     FROM outbox WHERE ended_at IS NULL AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const content = db.prepare(
    'SELECT turn, body AS text, plain, reply_to AS replyTo FROM outbox WHERE id = ?',
  );
  const lines = db.prepare(
    `SELECT id, turn, body AS text, created_at AS at FROM outbox WHERE chat = ? ORDER BY seq DESC LIMIT ?`,
  );

  const expectOne = (changes: number, id: OutboundId, expected: string) => {
    if (changes !== 1) throw new WrongState(`outbound ${id} is not ${expected}`);
  };

  return {
    insert(row: NewOutboxRow): void {
      insert.run(
        row.id,
        idNumber(row.turn),
        row.chat,
        row.body.text,
        row.body.plain ?? null,
        row.replyTo ?? null,
        row.state,
        row.state === 'sending' ? 1 : 0,
        row.createdAt,
      );
    },

    /** pending | unknown → sending: the network call begins once this is on disk. */
    sending(id: OutboundId): void {
      expectOne(sending.run(id).changes, id, 'pending');
    },

    /** sending | unknown → sent. */
    sent(id: OutboundId, platformId: PlatformMessageId | undefined, at: number): void {
      expectOne(sent.run(platformId ?? null, at, id).changes, id, 'being sent');
    },

    /** sending → unknown: nobody knows whether it arrived. */
    unknown(id: OutboundId): void {
      expectOne(unknown.run(id).changes, id, 'being sent');
    },

    /** sending | unknown → pending. */
    again(id: OutboundId, notBefore: number, possiblyRepeated: boolean): void {
      expectOne(again.run(notBefore, possiblyRepeated ? 1 : 0, id).changes, id, 'being sent');
    },

    /** any open state → dead. */
    dead(id: OutboundId, reason: string, at: number): void {
      expectOne(dead.run(reason, at, id).changes, id, 'open');
    },

    /** What is not ended, in the order in which it was said; pages by the last row's `seq`. */
    open(afterSeq: number, limit: number): (OpenOutboxRow & { readonly seq: number })[] {
      const rows = open.all(afterSeq, limit) as (Omit<OpenOutboxRow, 'possiblyRepeated'> & {
        seq: number;
        possiblyRepeated: number;
      })[];
      return rows.map((row) => ({ ...row, possiblyRepeated: row.possiblyRepeated === 1 }));
    },

    content(id: OutboundId): OutboxContent {
      const row = content.get(id) as {
        turn: number;
        text: string;
        plain: string | null;
        replyTo: PlatformMessageId | null;
      };
      return {
        turn: idText(row.turn),
        body: row.plain === null ? { text: row.text } : { text: row.text, plain: row.plain },
        replyTo: row.replyTo ?? undefined,
      };
    },

    /** The latest messages to a chat, newest first. */
    linesOf(chat: number, limit: number): { id: OutboundId; turn: TurnId; text: string; at: number }[] {
      const rows = lines.all(chat, limit) as { id: OutboundId; turn: number; text: string; at: number }[];
      return rows.map((row) => ({ ...row, turn: idText(row.turn) }));
    },
  };
}
