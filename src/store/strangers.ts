import type { Database } from 'better-sqlite3';
import type { ChannelId, ChatId, Sender, SenderId } from '../contract/index.ts';

/** Somebody whom nobody has let in. Times are epoch milliseconds. */
export interface Stranger {
  readonly channel: ChannelId;
  readonly sender: SenderId;
  readonly name: string | undefined;
  /** Their direct chat, if they wrote in one. */
  readonly chat: ChatId | undefined;
  /** How many messages of theirs were turned away. */
  readonly messages: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** When they last heard from us. */
  readonly toldAt: number | undefined;
}

type Columns = { [Key in keyof Stranger]: Exclude<Stranger[Key], undefined> | null };

const COLUMNS = `channel, sender, name, chat, messages, first_at AS firstAt, last_at AS lastAt, told_at AS toldAt`;

/** The `strangers` table. */
export function strangersTable(db: Database) {
  const get = db.prepare(`SELECT ${COLUMNS} FROM strangers WHERE channel = ? AND sender = ?`);
  const count = db.prepare('SELECT count(*) FROM strangers WHERE channel = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO strangers (channel, sender, name, chat, messages, first_at, last_at) VALUES (?, ?, ?, ?, 1, ?, ?)',
  );
  const again = db.prepare(
    'UPDATE strangers SET messages = messages + 1, last_at = ?, chat = coalesce(?, chat) WHERE channel = ? AND sender = ?',
  );
  const told = db.prepare('UPDATE strangers SET told_at = ? WHERE channel = ? AND sender = ?');
  const remove = db.prepare('DELETE FROM strangers WHERE channel = ? AND sender = ?');
  const removeOld = db.prepare('DELETE FROM strangers WHERE last_at < ?');
  const list = db.prepare(`SELECT ${COLUMNS} FROM strangers ORDER BY last_at DESC LIMIT ?`);
  const tally = db.prepare(
    `INSERT INTO tallies (direction, state, removed) VALUES ('in', 'ignored', 1)
     ON CONFLICT (direction, state) DO UPDATE SET removed = removed + 1`,
  );

  return {
    get(channel: ChannelId, sender: SenderId): Stranger | undefined {
      const row = get.get(channel, sender) as Columns | undefined;
      return row && stranger(row);
    },

    countOf(channel: ChannelId): number {
      return count.get(channel) as number;
    },

    /** A message of theirs was turned away. To be called within a write. */
    knocked(channel: ChannelId, sender: Sender, chat: ChatId | undefined, at: number): void {
      if (again.run(at, chat ?? null, channel, sender.id).changes === 0) {
        insert.run(channel, sender.id, sender.name ?? null, chat ?? null, at, at);
      }
    },

    /** The message has no row in the inbox: it is counted among the ignored ones. To be called within a write. */
    tally(): void {
      tally.run();
    },

    /** To be called within a write. */
    told({ channel, sender }: { channel: ChannelId; sender: SenderId }, at: number): void {
      told.run(at, channel, sender);
    },

    /** To be called within a write. */
    remove({ channel, sender }: { channel: ChannelId; sender: SenderId }): void {
      remove.run(channel, sender);
    },

    /** To be called within a write. */
    removeOld(before: number): void {
      removeOld.run(before);
    },

    /** The latest first. */
    list(limit: number): Stranger[] {
      return (list.all(limit) as Columns[]).map(stranger);
    },
  };
}

function stranger({ name, chat, toldAt, ...row }: Columns): Stranger {
  return {
    ...(row as Pick<Stranger, 'channel' | 'sender' | 'messages' | 'firstAt' | 'lastAt'>),
    name: name ?? undefined,
    chat: chat ?? undefined,
    toldAt: toldAt ?? undefined,
  };
}
