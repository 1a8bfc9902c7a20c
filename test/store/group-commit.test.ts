import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { StorageFault } from '../../src/store/errors.ts';
import { GroupCommit } from '../../src/store/group-commit.ts';
import { emptyFolder } from '../kit/folder.ts';

function open(folder: string) {
  const db = new Database(`${folder}/t.db`);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL)');
  const commits = new GroupCommit(db);
  const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
  const count = db.prepare('SELECT count(*) FROM t').pluck();
  return { db, commits, insert, count: () => count.get() as number };
}

test('all writes of one turn of the event loop share one transaction', async () => {
  using folder = emptyFolder();
  const { db, commits, insert, count } = open(folder.path);
  const reader = new Database(`${folder.path}/t.db`, { readonly: true });
  const seen: number[] = [];
  const visible = reader.prepare('SELECT count(*) FROM t').pluck();
  await Promise.all(
    Array.from({ length: 100 }, async (_, id) => {
      await commits.write(() => {
        seen.push(visible.get() as number);
        insert.run(id, 'x');
      });
      expect(visible.get(), 'a promise resolves after the commit').toBeGreaterThan(0);
    }),
  );
  expect(new Set(seen), 'nothing was committed in between').toEqual(new Set([0]));
  expect(count()).toBe(100);
  reader.close();
  db.close();
});

test('one bad write fails alone', async () => {
  using folder = emptyFolder();
  const { db, commits, insert, count } = open(folder.path);
  const results = await Promise.allSettled([
    commits.write(() => insert.run(1, 'a')),
    commits.write(() => insert.run(2, null)),
    commits.write(() => insert.run(3, 'c')),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(count()).toBe(2);
  db.close();
});

test('a full disk rejects the whole group, keeps nothing of it, is reported, and passes', async () => {
  using folder = emptyFolder();
  const { db, commits, insert, count } = open(folder.path);
  const reports: (StorageFault | undefined)[] = [];
  commits.onFault = (fault) => reports.push(fault);
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${pages}`);
  const big = 'x'.repeat(20_000);
  const results = await Promise.allSettled([
    commits.write(() => insert.run(1, 'small')),
    commits.write(() => insert.run(2, big)),
  ]);
  for (const result of results) {
    expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StorageFault);
  }
  expect(count()).toBe(0);
  db.pragma('max_page_count = 1000000');
  await commits.write(() => insert.run(2, big));
  expect(count()).toBe(1);
  expect(reports.map((fault) => fault?.full)).toEqual([true, undefined]);
  db.close();
});

test('many writes go in several groups, in order', async () => {
  using folder = emptyFolder();
  const { db, commits, insert, count } = open(folder.path);
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 1000 }, (_, id) =>
      commits.write(() => insert.run(id, 'x')).then(() => order.push(id)),
    ),
  );
  expect(count()).toBe(1000);
  expect(order).toEqual(Array.from({ length: 1000 }, (_, id) => id));
  db.close();
});
