import type { Database } from 'better-sqlite3';
import type { ChannelId, ChatId, InboundId, OutboundId } from '../contract/index.ts';
import { WrongState } from './errors.ts';
import { idNumber, idText } from './ids.ts';

/**
 * Why the gateway gave up on a message:
 *
 * - `refused`: the platform will never accept it.
 * - `exhausted`: it was tried for as long as the schedule reaches.
 * - `held`: it may have arrived, and the owner wants to decide.
 * - `expired`: it became too old to be worth sending.
 * - `failed`: its turn failed, finally or too often.
 * - `unreadable`: the adapter could not make a message of it.
 */
export type DeadKind = 'refused' | 'exhausted' | 'held' | 'expired' | 'failed' | 'unreadable';

export interface DeadLetter {
  readonly direction: 'in' | 'out';
  readonly id: InboundId | OutboundId;
  readonly channel: ChannelId;
  /** Absent for what could not be read. */
  readonly chat: ChatId | undefined;
  readonly kind: DeadKind;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The text, or the payload that could not be read. */
  readonly text: string;
}

/** How many wait on a channel. */
export interface DeadLetterCount {
  readonly channel: ChannelId;
  readonly direction: 'in' | 'out';
  readonly count: number;
}

export interface DeadLetterFilter {
  readonly ids?: readonly string[];
  readonly channel?: string;
  readonly direction?: 'in' | 'out';
  readonly kind?: DeadKind;
}

/** The dead letters of both tables that wait for somebody. */
export function deadLettersView(db: Database) {
  const inbound = db.prepare(
    `SELECT 'in' AS direction, i.id, i.channel, c.chat, i.dead_kind AS kind, i.reason, i.ended_at AS at, i.message AS text
     FROM inbox i LEFT JOIN chats c ON c.id = i.chat
     WHERE i.state = 'dead' AND i.resolution IS NULL
       AND (:channel IS NULL OR i.channel = :channel) AND (:kind IS NULL OR i.dead_kind = :kind)
     ORDER BY i.id`,
  );
  const outbound = db.prepare(
    `SELECT 'out' AS direction, o.id, c.channel, c.chat, o.dead_kind AS kind, o.reason, o.ended_at AS at, o.body AS text
     FROM outbox o JOIN chats c ON c.id = o.chat
     WHERE o.state = 'dead' AND o.resolution IS NULL
       AND (:channel IS NULL OR c.channel = :channel) AND (:kind IS NULL OR o.dead_kind = :kind)
     ORDER BY o.seq`,
  );
  const counts = db.prepare(
    `SELECT channel, 'in' AS direction, count(*) AS count FROM inbox
     WHERE state = 'dead' AND resolution IS NULL GROUP BY channel
     UNION ALL SELECT c.channel, 'out', count(*) FROM outbox o JOIN chats c ON c.id = o.chat
     WHERE o.state = 'dead' AND o.resolution IS NULL GROUP BY c.channel`,
  );
  const resolveIn = db.prepare(
    `UPDATE inbox SET resolution = ? WHERE id = ? AND state = 'dead' AND resolution IS NULL`,
  );
  const resolveOut = db.prepare(
    `UPDATE outbox SET resolution = ? WHERE id = ? AND state = 'dead' AND resolution IS NULL`,
  );
  const revive = db.prepare(
    `UPDATE outbox SET state = 'pending', reason = NULL, dead_kind = NULL, ended_at = NULL, not_before = NULL,
            expires_at = NULL, attempts_before = attempts,
            possibly_repeated = possibly_repeated | coalesce(dead_kind = 'held', 0)
     WHERE id = ? AND state = 'dead' AND resolution IS NULL`,
  );

  return {
    /** Oldest first, one at a time: there is no limit to how many there are. */
    *list({ ids, channel, direction, kind }: DeadLetterFilter = {}): Generator<DeadLetter> {
      const fits = ({ id }: DeadLetter) => ids === undefined || ids.includes(id);
      const asked = { channel: channel ?? null, kind: kind ?? null };
      if (direction !== 'out') {
        for (const row of inbound.iterate(asked) as Iterable<DeadLetter & { id: unknown }>) {
          const letter = {
            ...row,
            id: idText<InboundId>(row.id as unknown as number),
            chat: row.chat ?? undefined,
          };
          const text = letter.kind === 'unreadable' ? letter.text : wordsOf(letter.text);
          if (fits(letter)) yield { ...letter, kind: letter.kind ?? 'failed', text };
        }
      }
      if (direction !== 'in') {
        for (const row of outbound.iterate(asked) as Iterable<DeadLetter>) {
          if (fits(row)) yield { ...row, kind: row.kind ?? 'refused' };
        }
      }
    },

    /** O(dead letters); channels without any are not among them. */
    counts: (): DeadLetterCount[] => counts.all() as DeadLetterCount[],

    /** Somebody has dealt with it: it waits no more, and keeps its outcome. To be called within a write. */
    resolve({ direction, id }: Pick<DeadLetter, 'direction' | 'id'>, resolution: string): void {
      const { changes } =
        direction === 'in' ? resolveIn.run(resolution, idNumber(id)) : resolveOut.run(resolution, id);
      if (changes !== 1) throw new WrongState(`${id} is not a dead letter that waits`);
    },

    /** dead → pending, under its own id, with a new schedule of retries; marked if it was held. To be called within a write. */
    revive(id: OutboundId): void {
      if (revive.run(id).changes !== 1) throw new WrongState(`${id} is not a dead letter that waits`);
    },
  };
}

function wordsOf(message: string): string {
  return (JSON.parse(message) as { text?: string }).text ?? '';
}
