import type { Database } from 'better-sqlite3';
import type { ChannelId, Sender, SenderId, UserId } from '../contract/index.ts';
import { type IdSource, idNumber, idText } from './ids.ts';

/** One sender of one channel, and the person that it is. */
export interface Identity {
  readonly channel: ChannelId;
  readonly sender: SenderId;
  readonly user: UserId;
  /** As the platform called them when they first wrote; only for show. */
  readonly name: string | undefined;
  readonly admin: boolean;
  /** What an admin decided about them. */
  readonly standing: 'approved' | 'denied' | undefined;
}

interface Columns {
  channel: ChannelId;
  sender: SenderId;
  user: number;
  name: string | null;
  admin: number;
  standing: 'approved' | 'denied' | null;
}

const COLUMNS = 'channel, sender, user, name, admin, standing';

/** The `identities` table: which user a sender of a channel is. */
export function identitiesTable(db: Database, ids: IdSource) {
  const find = db.prepare(`SELECT ${COLUMNS} FROM identities WHERE channel = ? AND sender = ?`);
  const ofUser = db.prepare(`SELECT ${COLUMNS} FROM identities WHERE user = ? ORDER BY created_at`);
  const insert = db.prepare(
    'INSERT INTO identities (channel, sender, user, name, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const setUser = db.prepare('UPDATE identities SET user = ? WHERE channel = ? AND sender = ?');
  const setStanding = db.prepare('UPDATE identities SET standing = ? WHERE channel = ? AND sender = ?');
  const setAdmin = db.prepare('UPDATE identities SET admin = ? WHERE channel = ? AND sender = ?');
  const admins = db.prepare(`SELECT ${COLUMNS} FROM identities WHERE admin = 1 ORDER BY created_at`);
  const users = db
    .prepare('SELECT DISTINCT user FROM identities WHERE user > ? ORDER BY user LIMIT ?')
    .pluck();

  return {
    get(channel: ChannelId, sender: SenderId): Identity | undefined {
      const row = find.get(channel, sender) as Columns | undefined;
      return row && identity(row);
    },

    /** The identity of a sender; a new user when the sender is new. To be called within a write. */
    of(channel: ChannelId, sender: Sender): Identity {
      const known = find.get(channel, sender.id) as Columns | undefined;
      if (known !== undefined) return identity(known);
      insert.run(channel, sender.id, ids.next(), sender.name ?? null, Date.now());
      return identity(find.get(channel, sender.id) as Columns);
    },

    /** The identities of one person, the oldest first. */
    ofUser(user: UserId): Identity[] {
      return (ofUser.all(idNumber(user)) as Columns[]).map(identity);
    },

    /** To be called within a write. */
    setUser({ channel, sender }: Identity, user: UserId): void {
      setUser.run(idNumber(user), channel, sender);
    },

    /** To be called within a write. */
    setStanding({ channel, sender }: Identity, standing: 'approved' | 'denied' | undefined): void {
      setStanding.run(standing ?? null, channel, sender);
    },

    /** To be called within a write. */
    setAdmin({ channel, sender }: Identity, admin: boolean): void {
      setAdmin.run(admin ? 1 : 0, channel, sender);
    },

    /** Who may do what the owner may, the oldest first. */
    admins(): Identity[] {
      return (admins.all() as Columns[]).map(identity);
    },

    /** All users by their ids, at most `limit` after `after`. */
    users(after: UserId | undefined, limit: number): UserId[] {
      const from = after === undefined ? 0 : idNumber(after);
      return (users.all(from, limit) as number[]).map((id) => idText(id));
    },
  };
}

function identity({ channel, sender, user, name, admin, standing }: Columns): Identity {
  return {
    channel,
    sender,
    user: idText(user),
    name: name ?? undefined,
    admin: admin === 1,
    standing: standing ?? undefined,
  };
}
