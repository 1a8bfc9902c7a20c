import type { Database } from 'better-sqlite3';
import type { ChannelId } from '../contract/index.ts';

/** The `menus` table: the menu of commands that each platform was given last. */
export function menusTable(db: Database) {
  const get = db.prepare('SELECT menu FROM menus WHERE channel = ?').pluck();
  const put = db.prepare('INSERT OR REPLACE INTO menus (channel, menu) VALUES (?, ?)');

  return {
    get: (channel: ChannelId) => get.get(channel) as string | undefined,
    /** To be called within a write. */
    put: (channel: ChannelId, menu: string) => void put.run(channel, menu),
  };
}
