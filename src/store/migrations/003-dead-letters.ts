/**
 * What becomes of dead letters, and what the ledger keeps of rows that housekeeping has removed.
 *
 * `dead_kind` says why the gateway gave up (see DeadKind); `resolution` what a person, or the gateway itself, made of the
 * dead letter since: it is then no longer waiting. `attempts_before` is where the schedule of retries began anew.
 * `tallies` counts removed rows by direction and final state, so that the sums still balance.
 * `compatibility.oldest` is the oldest version of the database whose program may still open this one.
 */
export const deadLetters = `
ALTER TABLE inbox ADD COLUMN dead_kind TEXT;
ALTER TABLE inbox ADD COLUMN resolution TEXT;
ALTER TABLE outbox ADD COLUMN dead_kind TEXT;
ALTER TABLE outbox ADD COLUMN resolution TEXT;
ALTER TABLE outbox ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN expires_at INTEGER;
CREATE INDEX inbox_dead ON inbox (id) WHERE state = 'dead' AND resolution IS NULL;
CREATE INDEX outbox_dead ON outbox (seq) WHERE state = 'dead' AND resolution IS NULL;
CREATE TABLE tallies (
  direction TEXT NOT NULL,
  state     TEXT NOT NULL,
  removed   INTEGER NOT NULL,
  PRIMARY KEY (direction, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE compatibility (oldest INTEGER NOT NULL) STRICT;
INSERT INTO compatibility VALUES (3);
`;
