import type { Database } from 'better-sqlite3';
import type { ChannelId, Chat, ChatId } from '../contract/index.ts';

export interface ChatRow {
  readonly ref: number;
  readonly channel: ChannelId;
  readonly chat: Chat;
}

/** The `chats` table: every chat that was ever heard, so that other rows name it by a small number. */
export function chatsTable(db: Database) {
  const find = db.prepare('SELECT id FROM chats WHERE channel = ? AND chat = ?').pluck();
  const insert = db.prepare('INSERT INTO chats (channel, chat, kind, title) VALUES (?, ?, ?, ?)');
  const get = db.prepare('SELECT channel, chat, kind, title FROM chats WHERE id = ?');

  return {
    /** The number of a chat; makes it when it is new. To be called within a write. */
    refOf(channel: ChannelId, chat: Chat): number {
      const known = find.get(channel, chat.id) as number | undefined;
      return known ?? Number(insert.run(channel, chat.id, chat.kind, chat.title ?? null).lastInsertRowid);
    },

    find(channel: ChannelId, chat: ChatId): number | undefined {
      return find.get(channel, chat) as number | undefined;
    },

    get(ref: number): ChatRow | undefined {
      const row = get.get(ref) as
        | { channel: ChannelId; chat: ChatId; kind: Chat['kind']; title: string | null }
        | undefined;
      if (row === undefined) return undefined;
      const chat: Chat = { id: row.chat, kind: row.kind, ...(row.title !== null && { title: row.title }) };
      return { ref, channel: row.channel, chat };
    },
  };
}
