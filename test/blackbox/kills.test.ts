import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { chanceOf } from '../kit/chance.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

const CHATS = 100;
const KILLS = 5;

test.each([1, 2, 3])(
  `${CHATS} chats, ${KILLS} kills at random (seed %i): all answered, nothing doubled unrecorded`,
  async (seed) => {
    const chance = chanceOf(seed);
    await using telegram = await new FakeTelegram().listen();
    // Slow enough that kills hit every stage, quick enough for a test.
    await using daemon = await Daemon.start(
      `channels:
  telegram:
    token: "${telegram.token}"
    api_root: "${telegram.url}"
    rate_limits: { channel: { burst: 10, per_second: 60 } }
agents: { default: { type: echo, delay_ms: 20 } }
`,
    );
    for (let chat = 1; chat <= CHATS; chat++) telegram.say({ chat, text: `hello from ${chat}` });

    for (let kill = 1; kill <= KILLS; kill++) {
      // A kill when the n-th send reaches Telegram, and a little later or not.
      const at = Math.floor(((kill - chance()) / KILLS) * CHATS * 0.9);
      const requests = () => telegram.requests.get('sendMessage') ?? 0;
      await telegram.until(() => requests() >= at, `${at} sends`);
      if (chance() < 0.5) await new Promise((resolve) => setTimeout(resolve, chance() * 20));
      await daemon.kill('SIGKILL');
      await daemon.boot();
    }
    const answeredChats = () => new Set(telegram.sent.map(({ chat }) => chat)).size;
    await telegram.until(() => answeredChats() === CHATS, 'every chat is answered');
    const file = join(daemon.folder, 'data', 'gateway.db');
    await openRowsGone(file);
    await daemon.kill('SIGTERM');

    const db = new Database(file, { readonly: true });
    const inbox = db.prepare('SELECT dedupe_key, state FROM inbox').all() as {
      dedupe_key: string;
      state: string;
    }[];
    expect(inbox, 'each update is stored once').toHaveLength(CHATS);
    expect(new Set(inbox.map(({ dedupe_key }) => dedupe_key)).size).toBe(CHATS);
    expect(new Set(inbox.map(({ state }) => state))).toEqual(new Set(['answered']));
    const outbox = db.prepare('SELECT id, state FROM outbox').all() as { id: string; state: string }[];
    expect(outbox, 'and has one answer').toHaveLength(CHATS);
    expect(new Set(outbox.map(({ state }) => state))).toEqual(new Set(['sent']));

    // A second answer only where a receipt was cut off, and each of them recorded beforehand.
    const seen = new Map<string, number>();
    for (const { chat } of telegram.sent) seen.set(String(chat), (seen.get(String(chat)) ?? 0) + 1);
    const doubled = [...seen].filter(([, count]) => count > 1);
    const unknown = db
      .prepare(
        `SELECT chats.chat FROM failed_attempts JOIN outbox ON outbox.id = failed_attempts.outbox
       JOIN chats ON chats.id = outbox.chat WHERE outcome = 'unknown'`,
      )
      .pluck()
      .all() as string[];
    for (const [chat, count] of doubled) {
      expect(count - 1, `chat ${chat}`).toBeLessThanOrEqual(unknown.filter((id) => id === chat).length);
    }
    const repeats = telegram.sent.filter(({ text }) => text.includes('↻'));
    expect(repeats.length, 'and marked for the reader').toBeGreaterThanOrEqual(doubled.length);
    db.close();
  },
);

/** Resolves when the daemon has nothing left to do. */
async function openRowsGone(file: string): Promise<void> {
  const db = new Database(file, { readonly: true });
  const open = db
    .prepare(
      'SELECT (SELECT count(*) FROM inbox WHERE ended_at IS NULL) + (SELECT count(*) FROM outbox WHERE ended_at IS NULL)',
    )
    .pluck();
  for (let tries = 0; tries < 400 && (open.get() as number) > 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  db.close();
}
