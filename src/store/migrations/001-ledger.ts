/**
 * The ledger: every message that came or goes, and what became of it.
 *
 * inbox.state: `queued → running → answered | dead`, or `ignored` at once; `running` rows of a killed process run again.
 * outbox.state: `pending → sending → sent | pending | unknown | dead`; a row is `sending` before the network call.
 * `ended_at` is set in the final states, so that the partial indexes hold open work only.
 * Ids are integers (see ids.ts), times epoch milliseconds.
 */
export const ledger = `
CREATE TABLE chats (
  id        INTEGER PRIMARY KEY,
  channel   TEXT NOT NULL,
  chat      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  title     TEXT,
  UNIQUE (channel, chat)
) STRICT;

CREATE TABLE identities (
  channel    TEXT NOT NULL,
  sender     TEXT NOT NULL,
  user       INTEGER NOT NULL,
  name       TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (channel, sender)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id         INTEGER PRIMARY KEY,
  key        TEXT NOT NULL UNIQUE,
  agent      TEXT NOT NULL,
  state      TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE inbox (
  id          INTEGER PRIMARY KEY,
  channel     TEXT NOT NULL,
  dedupe_key  TEXT NOT NULL,
  chat        INTEGER,
  session     INTEGER,
  message     TEXT NOT NULL,
  state       TEXT NOT NULL,
  reason      TEXT,
  attempts    INTEGER NOT NULL DEFAULT 0,
  turn        INTEGER,
  received_at INTEGER NOT NULL,
  ended_at    INTEGER,
  UNIQUE (channel, dedupe_key)
) STRICT;
CREATE INDEX inbox_open ON inbox (state) WHERE ended_at IS NULL;
CREATE INDEX inbox_chat ON inbox (chat);

CREATE TABLE turns (
  id         INTEGER PRIMARY KEY,
  session    INTEGER NOT NULL,
  agent      TEXT NOT NULL,
  state      TEXT NOT NULL,
  error      TEXT,
  attempts   INTEGER NOT NULL,
  history    TEXT NOT NULL,
  data       TEXT,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX turns_session ON turns (session);

CREATE TABLE outbox (
  seq               INTEGER PRIMARY KEY,
  id                TEXT NOT NULL UNIQUE,
  turn              INTEGER NOT NULL,
  chat              INTEGER NOT NULL,
  body              TEXT NOT NULL,
  plain             TEXT,
  reply_to          TEXT,
  state             TEXT NOT NULL,
  reason            TEXT,
  attempts          INTEGER NOT NULL DEFAULT 0,
  possibly_repeated INTEGER NOT NULL DEFAULT 0,
  not_before        INTEGER,
  platform_id       TEXT,
  created_at        INTEGER NOT NULL,
  ended_at          INTEGER
) STRICT;
CREATE INDEX outbox_open ON outbox (state) WHERE ended_at IS NULL;
CREATE INDEX outbox_chat ON outbox (chat);

CREATE TABLE failed_attempts (
  outbox   TEXT NOT NULL,
  attempt  INTEGER NOT NULL,
  outcome  TEXT NOT NULL,
  error    TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (outbox, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
  channel TEXT PRIMARY KEY,
  cursor  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
