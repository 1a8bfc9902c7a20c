import type { Database } from 'better-sqlite3';
import { idNumber } from './ids.ts';

/**
 * Removes what is old and done with. A turn goes as a whole (what it answered, its history, what it said), and only when
 * nothing of it waits for anybody; removed rows are tallied by their final state, so that the ledger's sums stay what they were.
 */
export function housekeeping(db: Database) {
  const oldestIn = db
    .prepare(
      `SELECT id FROM inbox WHERE id < ? AND id > ? AND ended_at IS NOT NULL AND ended_at < ?
         AND (state <> 'dead' OR resolution IS NOT NULL)
       ORDER BY id LIMIT ?`,
    )
    .pluck();
  const turnOf = db.prepare('SELECT turn FROM inbox WHERE id = ?').pluck();
  const waits = db
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM outbox WHERE id >= :from AND id < :to
                        AND (ended_at IS NULL OR (state = 'dead' AND resolution IS NULL)))
           OR EXISTS (SELECT 1 FROM inbox WHERE turn = :turn AND id >= :turn
                        AND (ended_at IS NULL OR ended_at >= :before OR (state = 'dead' AND resolution IS NULL)))`,
    )
    .pluck();
  const tally = (direction: 'in' | 'out') =>
    db.prepare(
      `INSERT INTO tallies (direction, state, removed) VALUES ('${direction}', ?, 1)
       ON CONFLICT (direction, state) DO UPDATE SET removed = removed + 1`,
    );
  const tallyIn = tally('in');
  const tallyOut = tally('out');
  const removeIn = db.prepare('DELETE FROM inbox WHERE id = ? RETURNING state').pluck();
  const removeAnswered = db.prepare('DELETE FROM inbox WHERE turn = ? AND id >= ? RETURNING state').pluck();
  const removeOut = db.prepare('DELETE FROM outbox WHERE id >= ? AND id < ? RETURNING id, state');
  const removeAttempts = db.prepare('DELETE FROM failed_attempts WHERE outbox = ?');
  const removeTurn = db.prepare('DELETE FROM turns WHERE id = ?');

  function removeWholeTurn(turn: number, before: number): boolean {
    const text = turn.toString(36);
    const [from, to] = [`${text}-`, `${text}.`];
    if (waits.get({ turn, before, from, to }) === 1) return false;
    for (const state of removeAnswered.all(turn, turn)) tallyIn.run(state);
    for (const { id, state } of removeOut.all(from, to) as { id: string; state: string }[]) {
      removeAttempts.run(id);
      tallyOut.run(state);
    }
    removeTurn.run(turn);
    return true;
  }

  return {
    /**
     * Looks at up to `limit` messages that ended before `before` (epoch milliseconds) and removes those it may. Returns how
     * many rows of the inbox it looked at, and where to go on. To be called within a write.
     */
    removeSome(
      before: number,
      after: string | undefined,
      limit: number,
    ): { looked: number; last: string | undefined } {
      const horizon = before * 4096; // ids grow with time: see IdSource
      const ids = oldestIn.all(horizon, after === undefined ? 0 : idNumber(after), before, limit) as number[];
      for (const id of ids) {
        const turn = turnOf.get(id) as number | null | undefined;
        if (turn === undefined) continue; // went with an earlier one of its turn
        if (turn !== null) removeWholeTurn(turn, before);
        else for (const state of removeIn.all(id)) tallyIn.run(state);
      }
      return { looked: ids.length, last: ids.at(-1)?.toString(36) };
    },
  };
}
