import type { Database } from 'better-sqlite3';
import type { ChannelId, Contact, SenderId } from '../contract/index.ts';

/** A sender of a channel. */
interface Someone {
  readonly channel: ChannelId;
  readonly sender: SenderId;
}

/** The `contacts` table: by what platforms know people. Personal data, so it is kept for a while only. Times are epoch milliseconds. */
export function contactsTable(db: Database) {
  const asked = db
    .prepare('SELECT 1 FROM contacts WHERE channel = ? AND sender = ? AND asked_at > ?')
    .pluck();
  const put = db.prepare(
    'INSERT OR REPLACE INTO contacts (channel, sender, phone, email, asked_at) VALUES (?, ?, ?, ?, ?)',
  );
  const alike = db.prepare(
    `SELECT channel, sender FROM contacts
     WHERE (phone = :phone OR email = :email) AND asked_at > :since
       AND channel IN (SELECT value FROM json_each(:channels)) AND NOT (channel = :channel AND sender = :sender)
     ORDER BY asked_at DESC`,
  );
  const remove = db.prepare('DELETE FROM contacts WHERE channel = ? AND sender = ?');
  const removeOld = db.prepare('DELETE FROM contacts WHERE asked_at <= ?');
  const removeOthers = db.prepare(
    'DELETE FROM contacts WHERE channel NOT IN (SELECT value FROM json_each(?))',
  );

  return {
    /** Whether the adapter was asked about them since. */
    wasAsked: ({ channel, sender }: Someone, since: number): boolean =>
      asked.get(channel, sender, since) !== undefined,

    /** To be called within a write. */
    put({ channel, sender }: Someone, { phone, email }: Contact, at: number): void {
      put.run(channel, sender, phone ?? null, email ?? null, at);
    },

    /** Who is known by the same on one of these channels, the latest first. */
    alike(
      { channel, sender }: Someone,
      { phone, email }: Contact,
      channels: readonly ChannelId[],
      since: number,
    ): Someone[] {
      const wanted = { channel, sender, phone: phone ?? null, email: email ?? null, since };
      return alike.all({ ...wanted, channels: JSON.stringify(channels) }) as Someone[];
    },

    /** To be called within a write. */
    remove({ channel, sender }: Someone): void {
      remove.run(channel, sender);
    },

    /** To be called within a write. */
    removeOld(before: number): void {
      removeOld.run(before);
    },

    /** Of all channels but these. To be called within a write. */
    removeOthers(channels: readonly ChannelId[]): void {
      removeOthers.run(JSON.stringify(channels));
    },
  };
}
