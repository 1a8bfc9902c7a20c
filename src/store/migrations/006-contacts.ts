/**
 * By what platforms know people, for proposals that two of them are one.
 *
 * `contacts` has a row for each sender whom an adapter was asked about, also where it told nothing. `apart` is pairs of senders
 * to whom no (further) proposal is made: they had one, or were separated by hand. The lesser of the two stands first.
 */
export const contacts = `
CREATE TABLE contacts (
  channel  TEXT NOT NULL,
  sender   TEXT NOT NULL,
  phone    TEXT,
  email    TEXT,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (channel, sender)
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_phone ON contacts (phone) WHERE phone IS NOT NULL;
CREATE INDEX contacts_email ON contacts (email) WHERE email IS NOT NULL;
CREATE TABLE apart (
  channel       TEXT NOT NULL,
  sender        TEXT NOT NULL,
  other_channel TEXT NOT NULL,
  other_sender  TEXT NOT NULL,
  PRIMARY KEY (channel, sender, other_channel, other_sender)
) STRICT, WITHOUT ROWID;
`;
