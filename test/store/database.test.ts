import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { channelId, StartError } from '../../src/contract/index.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openStore, StorageFault } from '../../src/store/index.ts';
import { diskError, unwatchStatements, watchStatements } from '../chaos/statements.ts';
import { emptyFolder } from '../kit/folder.ts';

test('writes are synced in full, and the files are for the owner alone', () => {
  using folder = emptyFolder();
  const data = join(folder.path, 'data');
  const { db, close } = openDatabase(data);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true }), '2 is FULL').toBe(2);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(statSync(join(data, 'gateway.db')).mode & 0o777).toBe(0o600);
  close();
});

test('a database of a newer program is refused, and left as it is', () => {
  using folder = emptyFolder();
  openDatabase(folder.path).close();
  const file = join(folder.path, 'gateway.db');
  const newer = new Database(file);
  newer.exec('UPDATE compatibility SET oldest = 99');
  newer.pragma('user_version = 99');
  newer.close();
  expect(() => openDatabase(folder.path)).toThrow(/has version 99.*knows versions up to \d/);
  expect(new Database(file).pragma('user_version', { simple: true })).toBe(99);
});

test('a database of a newer program that only added something is opened, and its version stays', () => {
  using folder = emptyFolder();
  openDatabase(folder.path).close();
  const newer = new Database(join(folder.path, 'gateway.db'));
  newer.exec('ALTER TABLE inbox ADD COLUMN more TEXT; CREATE TABLE later (id INTEGER) STRICT;');
  newer.pragma('user_version = 99');
  newer.close();
  const { db, close } = openDatabase(folder.path);
  expect(db.pragma('user_version', { simple: true })).toBe(99);
  close();
});

test('what is no database is refused with the cure', () => {
  using folder = emptyFolder();
  writeFileSync(join(folder.path, 'gateway.db'), 'this is a letter to my grandmother'.repeat(100));
  expect(() => openDatabase(folder.path)).toThrow(/damaged/);
});

test('a second process on the same folder is refused while the first one lives, and only then', async () => {
  using folder = emptyFolder();
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/database.ts'))};
       globalThis.held = openDatabase(${JSON.stringify(folder.path)});
       console.log('open');
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(holder.stdout, 'data');
  let refusal: unknown;
  try {
    openDatabase(folder.path);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(StartError);
  expect((refusal as StartError).message).toContain(`in use by another gateway (process ${holder.pid})`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  openDatabase(folder.path).close();
});

test('a disk that fails while the store opens or closes leaves the folder free for the next try', async () => {
  using folder = emptyFolder();
  let broken = /^SELECT max/;
  watchStatements(folder.path, (sql, _, run) => {
    if (broken.test(sql)) throw diskError('SQLITE_FULL');
    return run();
  });
  expect(() => openStore(folder.path)).toThrow(StorageFault);
  broken = /^PRAGMA wal_checkpoint/;
  const store = openStore(folder.path);
  await store.write(() => store.cursors.put(channelId('a'), '7'));
  await store.close();
  unwatchStatements(folder.path);
  const next = openStore(folder.path);
  expect(next.cursors.get(channelId('a'))).toBe('7');
  await next.close();
});
