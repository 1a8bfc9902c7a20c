import type { Database } from 'better-sqlite3';
import type { ChannelId, SenderId } from '../contract/index.ts';

/**
 * What a one-time code is for: `pair` lets a stranger in, `link` makes two identities one person, `claim` makes an admin.
 */
export type CodePurpose = 'pair' | 'link' | 'claim';

export interface CodeOwner {
  readonly channel: ChannelId;
  readonly sender: SenderId;
}

export interface CodeRow {
  readonly code: string;
  readonly purpose: CodePurpose;
  /** Whom it was given to; absent for `claim`. */
  readonly owner: CodeOwner | undefined;
  readonly expiresAt: number;
}

interface Columns {
  code: string;
  purpose: CodePurpose;
  channel: ChannelId | null;
  sender: SenderId | null;
  expiresAt: number;
}

const COLUMNS = 'code, purpose, channel, sender, expires_at AS expiresAt';

/** The `codes` table: one-time codes that are still good. Times are epoch milliseconds. */
export function codesTable(db: Database) {
  const insert = db.prepare(
    'INSERT INTO codes (code, purpose, channel, sender, expires_at) VALUES (?, ?, ?, ?, ?)',
  );
  const find = db.prepare(`SELECT ${COLUMNS} FROM codes WHERE code = ? AND purpose = ? AND expires_at > ?`);
  const remove = db.prepare('DELETE FROM codes WHERE code = ?');
  const of = db.prepare(
    `SELECT ${COLUMNS} FROM codes WHERE purpose = ? AND channel IS ? AND sender IS ? AND expires_at > ?`,
  );
  const open = db.prepare(
    `SELECT ${COLUMNS} FROM codes WHERE purpose = ? AND expires_at > ? ORDER BY expires_at`,
  );
  const removeOf = db.prepare('DELETE FROM codes WHERE purpose = ? AND channel IS ? AND sender IS ?');
  const removeOld = db.prepare('DELETE FROM codes WHERE expires_at <= ?');

  return {
    /** In place of an earlier code of the same purpose and owner. To be called within a write. */
    put({ code, purpose, owner, expiresAt }: CodeRow, now: number): void {
      removeOld.run(now);
      removeOf.run(purpose, owner?.channel ?? null, owner?.sender ?? null);
      insert.run(code, purpose, owner?.channel ?? null, owner?.sender ?? null, expiresAt);
    },

    find(code: string, purpose: CodePurpose, now: number): CodeRow | undefined {
      const row = find.get(code, purpose, now) as Columns | undefined;
      return row && codeRow(row);
    },

    /** A code is good once. To be called within a write. */
    use({ code }: CodeRow): void {
      remove.run(code);
    },

    /** The code that somebody has. */
    of(purpose: CodePurpose, owner: CodeOwner | undefined, now: number): CodeRow | undefined {
      const row = of.get(purpose, owner?.channel ?? null, owner?.sender ?? null, now) as Columns | undefined;
      return row && codeRow(row);
    },

    open(purpose: CodePurpose, now: number): CodeRow[] {
      return (open.all(purpose, now) as Columns[]).map(codeRow);
    },

    /** To be called within a write. */
    removeOf(purpose: CodePurpose, owner: CodeOwner): void {
      removeOf.run(purpose, owner.channel, owner.sender);
    },
  };
}

function codeRow({ channel, sender, ...row }: Columns): CodeRow {
  return { ...row, owner: channel === null || sender === null ? undefined : { channel, sender } };
}
