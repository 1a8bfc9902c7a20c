import type { Database } from 'better-sqlite3';
import type { ChannelId, Sender, UserId } from '../contract/index.ts';
import { type IdSource, idText } from './ids.ts';

/** The `identities` table: which user a sender of a channel is. */
export function identitiesTable(db: Database, ids: IdSource) {
  const find = db.prepare('SELECT user FROM identities WHERE channel = ? AND sender = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO identities (channel, sender, user, name, created_at) VALUES (?, ?, ?, ?, ?)',
  );

  return {
    /** The user that a sender is; a new one when the sender is new. To be called within a write. */
    userOf(channel: ChannelId, sender: Sender): UserId {
      const known = find.get(channel, sender.id) as number | undefined;
      if (known !== undefined) return idText(known);
      const user = ids.next();
      insert.run(channel, sender.id, user, sender.name ?? null, Date.now());
      return idText(user);
    },
  };
}
