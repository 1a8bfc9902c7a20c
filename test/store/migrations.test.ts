import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { idText, openStore } from '../../src/store/index.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { emptyFolder } from '../kit/folder.ts';

const MESSAGES = 50_000;

/** A database as the first version left it, with many messages, some of them open or dead. */
function firstVersion(file: string): number {
  const db = new Database(file);
  db.exec(migrations[0] ?? '');
  db.pragma('user_version = 1');
  const first = Date.now() * 4096;
  const inbox = db.prepare(
    `INSERT INTO inbox (id, channel, dedupe_key, chat, session, message, state, reason, attempts, turn, received_at, ended_at)
     VALUES (?, 'a', ?, 1, 1, '{"text":"hi"}', ?, ?, 1, ?, 1, ?)`,
  );
  const turn = db.prepare(
    `INSERT INTO turns (id, session, agent, state, attempts, history, started_at, ended_at) VALUES (?, 1, 'x', ?, 1, '[]', 1, 1)`,
  );
  const outbox = db.prepare(
    `INSERT INTO outbox (id, turn, chat, body, state, reason, attempts, created_at, ended_at) VALUES (?, ?, 1, 'ho', ?, ?, 1, 1, ?)`,
  );
  db.transaction(() => {
    db.exec(`INSERT INTO chats (id, channel, chat, kind) VALUES (1, 'a', 'ann', 'direct')`);
    for (let number = 0; number < MESSAGES; number += 1) {
      const id = first + number;
      const dead = number % 1000 === 0;
      const open = number === MESSAGES - 1;
      inbox.run(id, `k${number}`, dead ? 'dead' : 'answered', dead ? 'no model' : null, id, 1);
      turn.run(id, dead ? 'failed' : 'committed');
      outbox.run(`${id.toString(36)}-0`, id, open ? 'pending' : 'sent', null, open ? null : 1);
    }
  })();
  db.close();
  return first;
}

test('a large database of the first version is taken over as it is', async () => {
  using folder = emptyFolder();
  const first = firstVersion(join(folder.path, 'gateway.db'));
  const store = openStore(folder.path);
  expect(store.ledger.audit()).toEqual({
    in: { answered: MESSAGES - 50, dead: 50 },
    out: { sent: MESSAGES - 1, pending: 1 },
    contradictions: [],
  });
  expect([...store.deadLetters.list()].map(({ kind }) => kind)).toEqual(Array(50).fill('failed'));
  const open = store.outbox.open(0, 10);
  expect(open).toMatchObject([
    { id: `${idText(first + MESSAGES - 1)}-0`, state: 'pending', attemptsBefore: 0 },
  ]);
  expect(store.outbox.content(open[0]?.id ?? ('' as never)).body).toEqual({ text: 'ho' });
  await store.close();
});
