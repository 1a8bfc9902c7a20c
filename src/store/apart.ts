import type { Database } from 'better-sqlite3';
import type { ChannelId, SenderId, UserId } from '../contract/index.ts';
import { idNumber } from './ids.ts';

interface Someone {
  readonly channel: ChannelId;
  readonly sender: SenderId;
}

/** The `apart` table: senders to whom it is not proposed (again) to be one person. */
export function apartTable(db: Database) {
  const put = db.prepare(
    'INSERT OR IGNORE INTO apart (channel, sender, other_channel, other_sender) VALUES (?, ?, ?, ?)',
  );
  const between = db
    .prepare(
      `SELECT 1 FROM identities a JOIN apart p ON p.channel = a.channel AND p.sender = a.sender
         JOIN identities b ON b.channel = p.other_channel AND b.sender = p.other_sender
       WHERE (a.user = :one AND b.user = :other) OR (a.user = :other AND b.user = :one)`,
    )
    .pluck();

  return {
    /** To be called within a write. */
    put(one: Someone, other: Someone): void {
      const [a, b] = nameOf(one) < nameOf(other) ? [one, other] : [other, one];
      put.run(a.channel, a.sender, b.channel, b.sender);
    },

    /** Whether any sender of the one person is apart from any of the other. */
    areApart(one: UserId, other: UserId): boolean {
      return between.get({ one: idNumber(one), other: idNumber(other) }) !== undefined;
    },
  };
}

function nameOf({ channel, sender }: Someone): string {
  return `${channel}\0${sender}`;
}
