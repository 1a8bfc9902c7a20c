import type { Database } from 'better-sqlite3';
import type { AgentId, ChannelId, Chat, ChatId, SenderId } from '../contract/index.ts';

export interface ChatRow {
  readonly ref: number;
  readonly channel: ChannelId;
  readonly chat: Chat;
}

interface Columns {
  ref: number;
  channel: ChannelId;
  chat: ChatId;
  kind: Chat['kind'];
  title: string | null;
}

const COLUMNS = 'id AS ref, channel, chat, kind, title';

/** The `chats` table: every chat that was ever heard, so that other rows name it by a small number. */
export function chatsTable(db: Database) {
  const find = db.prepare('SELECT id FROM chats WHERE channel = ? AND chat = ?').pluck();
  const insert = db.prepare('INSERT INTO chats (channel, chat, kind, title) VALUES (?, ?, ?, ?)');
  const get = db.prepare(`SELECT ${COLUMNS} FROM chats WHERE id = ?`);
  const setSender = db.prepare('UPDATE chats SET sender = ? WHERE id = ? AND sender IS NOT ?');
  const directOf = db.prepare(`SELECT ${COLUMNS} FROM chats WHERE channel = ? AND sender = ? ORDER BY id`);
  const latestOfUsers = db.prepare(
    `SELECT channel, chat, kind, title, ref FROM (
       SELECT i.user, c.channel, c.chat, c.kind, c.title, c.id AS ref,
              row_number() OVER (PARTITION BY i.user ORDER BY (SELECT max(id) FROM inbox WHERE chat = c.id) DESC) AS place
       FROM identities i JOIN chats c ON c.channel = i.channel AND c.sender = i.sender
       WHERE i.standing IS NOT 'denied')
     WHERE place = 1`,
  );
  const agentOf = db.prepare('SELECT agent FROM chat_agents WHERE chat = ?').pluck();
  const setAgent = db.prepare('INSERT OR REPLACE INTO chat_agents (chat, agent) VALUES (?, ?)');
  const unsetAgent = db.prepare('DELETE FROM chat_agents WHERE chat = ?');

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
      const row = get.get(ref) as Columns | undefined;
      return row && chatRow(row);
    },

    /** Whose direct chat it is. To be called within a write. */
    belongsTo(ref: number, sender: SenderId): void {
      setSender.run(sender, ref, sender);
    },

    /** The direct chats of a sender, the oldest first; mostly one. */
    directOf(channel: ChannelId, sender: SenderId): ChatRow[] {
      return (directOf.all(channel, sender) as Columns[]).map(chatRow);
    },

    /** Of each person whom we hear, the direct chat in which they wrote last. */
    latestOfUsers(): ChatRow[] {
      return (latestOfUsers.all() as Columns[]).map(chatRow);
    },

    /** Who answers in a group, when its people chose somebody. */
    agentOf(ref: number): AgentId | undefined {
      return agentOf.get(ref) as AgentId | undefined;
    },

    /** To be called within a write. */
    setAgent(ref: number, agent: AgentId | undefined): void {
      if (agent === undefined) unsetAgent.run(ref);
      else setAgent.run(ref, agent);
    },
  };
}

function chatRow({ ref, channel, chat, kind, title }: Columns): ChatRow {
  return { ref, channel, chat: { id: chat, kind, ...(title !== null && { title }) } };
}
