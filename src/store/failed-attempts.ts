import type { Database } from 'better-sqlite3';
import type { OutboundId } from '../contract/index.ts';

/**
 * How an attempt to send ended, when it did not succeed: `refused`, the platform certainly has not got it;
 * `unknown`, it may have.
 */
export type FailedOutcome = 'refused' | 'unknown';

/** The `failed_attempts` table: every attempt that brought no receipt. The one that did is the outbox row itself. */
export function failedAttemptsTable(db: Database) {
  const insert = db.prepare(
    `INSERT INTO failed_attempts (outbox, attempt, outcome, error, ended_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (outbox, attempt) DO NOTHING`,
  );

  return {
    insert(outbox: OutboundId, attempt: number, outcome: FailedOutcome, error: string, at: number): void {
      insert.run(outbox, attempt, outcome, error, at);
    },
  };
}
