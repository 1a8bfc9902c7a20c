import type { Database } from 'better-sqlite3';
import type { Json } from '../contract/index.ts';

/** Who changed what about people. */
export interface Deed {
  readonly at: number;
  /** Who did it: `channel:sender`, or `cli`. */
  readonly actor: string;
  /** What was done, e.g. `link`. */
  readonly deed: string;
  readonly detail: Json;
}

/** The `deeds` table: it only grows. */
export function deedsTable(db: Database) {
  const insert = db.prepare('INSERT INTO deeds (at, actor, deed, detail) VALUES (?, ?, ?, ?)');
  const list = db.prepare('SELECT at, actor, deed, detail FROM deeds ORDER BY id DESC LIMIT ?');

  return {
    /** To be called within a write. */
    note({ at, actor, deed, detail }: Deed): void {
      insert.run(at, actor, deed, JSON.stringify(detail));
    },

    /** The latest first. */
    list(limit: number): Deed[] {
      const rows = list.all(limit) as (Omit<Deed, 'detail'> & { detail: string })[];
      return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Json }));
    },
  };
}
