/**
 * Who may talk, and who is who.
 *
 * `identities.user` is the person that a sender is: several identities of one user are linked. `standing` is what an admin
 * decided about a sender: `approved` or `denied`. `chats.sender` is the person of a direct chat.
 * `users` has a row for who chose something: a language, an agent, or another chat for the answers.
 * `codes` are the one-time codes: `pair` and `link` belong to a sender, `claim` to nobody. `strangers` are senders whom
 * nobody has let in, with how often they tried. `deeds` is who changed what of all this.
 */
export const people = `
ALTER TABLE identities ADD COLUMN admin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE identities ADD COLUMN standing TEXT;
CREATE INDEX identities_user ON identities (user);
ALTER TABLE chats ADD COLUMN sender TEXT;
CREATE INDEX chats_sender ON chats (channel, sender) WHERE sender IS NOT NULL;
CREATE TABLE users (
  id          INTEGER PRIMARY KEY,
  language    TEXT,
  agent       TEXT,
  answer_in   INTEGER
) STRICT;
CREATE TABLE chat_agents (
  chat  INTEGER PRIMARY KEY,
  agent TEXT NOT NULL
) STRICT;
CREATE TABLE codes (
  code       TEXT PRIMARY KEY,
  purpose    TEXT NOT NULL,
  channel    TEXT,
  sender     TEXT,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE strangers (
  channel  TEXT NOT NULL,
  sender   TEXT NOT NULL,
  name     TEXT,
  chat     TEXT,
  messages INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  told_at  INTEGER,
  PRIMARY KEY (channel, sender)
) STRICT, WITHOUT ROWID;
CREATE TABLE deeds (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  actor  TEXT NOT NULL,
  deed   TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE TABLE menus (
  channel TEXT PRIMARY KEY,
  menu    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
