import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openLedger } from '../../src/store/index.ts';
import { numberIn } from './talk.ts';

/** What the daemon has written down of one message. */
export interface Entry {
  /** Who came first has the lowest. */
  readonly place: number;
  readonly state: string;
  /** Attempts to send the answer of which nobody knows whether it arrived. */
  readonly unknown: number;
}

/** The books of a daemon, whether it runs or was killed. */
export class Books {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'data');
  }

  /** What does not balance, in words. */
  contradictions(): readonly string[] {
    const ledger = openLedger(this.#folder);
    const { contradictions } = ledger.audit();
    ledger.close();
    return contradictions;
  }

  /** How many messages have come, and how much is still to be done. */
  state(): { came: number; open: number; dead: number } {
    return this.#read(
      (db) =>
        db
          .prepare(
            `SELECT (SELECT count(*) FROM inbox) AS came,
              (SELECT count(*) FROM inbox WHERE ended_at IS NULL) + (SELECT count(*) FROM outbox WHERE ended_at IS NULL) AS open,
              (SELECT count(*) FROM inbox WHERE state = 'dead') + (SELECT count(*) FROM outbox WHERE state = 'dead') AS dead`,
          )
          .get() as { came: number; open: number; dead: number },
    );
  }

  /** Whether a message of this channel is on disk, wherever the channel keeps it. */
  holds(channel: string): (text: string) => boolean {
    const stored = this.#read((db) =>
      db.prepare('SELECT message FROM inbox WHERE channel = ?').pluck().all(channel),
    );
    const file = join(this.#folder, 'channels', channel, 'unstored.jsonl');
    const waiting = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const numbers = new Set([...stored, ...waiting.split('\n')].map((line) => numberIn(String(line))));
    return (text) => numbers.has(numberIn(text));
  }

  /** By the numbers in their texts. */
  entries(): Map<number, Entry> {
    const rows = this.#read((db) =>
      db
        .prepare(
          `SELECT i.id AS place, i.message, i.state, coalesce(doubts.unknown, 0) AS unknown FROM inbox i LEFT JOIN
             (SELECT o.turn, count(*) AS unknown FROM failed_attempts f JOIN outbox o ON o.id = f.outbox
              WHERE f.outcome = 'unknown' GROUP BY o.turn) doubts ON doubts.turn = i.turn`,
        )
        .all(),
    ) as (Entry & { message: string })[];
    return new Map(rows.map(({ message, ...row }) => [numberIn(message), row]));
  }

  #read<T>(read: (db: Database.Database) => T): T {
    const db = new Database(join(this.#folder, 'gateway.db'), { readonly: true });
    try {
      return read(db);
    } finally {
      db.close();
    }
  }
}
