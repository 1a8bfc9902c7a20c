import type { Database } from 'better-sqlite3';
import type { ChannelId } from '../contract/index.ts';

/** The `cursors` table: where each channel goes on reading after a restart. */
export function cursorsTable(db: Database) {
  const get = db.prepare('SELECT cursor FROM cursors WHERE channel = ?').pluck();
  const put = db.prepare(
    'INSERT INTO cursors (channel, cursor) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET cursor = excluded.cursor',
  );

  return {
    get: (channel: ChannelId): string | undefined => get.get(channel) as string | undefined,
    put(channel: ChannelId, cursor: string): void {
      put.run(channel, cursor);
    },
  };
}
