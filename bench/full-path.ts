import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { echo } from '../src/agents/echo/index.ts';
import {
  type AgentId,
  channelId,
  type InboundId,
  type OutboundId,
  platformMessageId,
  type SessionId,
  type TurnId,
} from '../src/contract/index.ts';
import { openDatabase } from '../src/store/database.ts';
import { IdSource, idText } from '../src/store/ids.ts';
import { inboxTable } from '../src/store/inbox.ts';
import { outboxTable } from '../src/store/outbox.ts';
import { turnsTable } from '../src/store/turns.ts';
import { inProcessAdapter, startGateway } from './in-process.ts';
import type { Figure } from './run.ts';
import { median, perSecond } from './statistics.ts';

const MESSAGES = 40_000;
const CHATS = 4_000;
/** Under way at once: a chat's next message comes when its last one is long answered. */
const IN_FLIGHT = 1_000;
const ROUNDS = 3;

/** Messages per second from "a person wrote" to "the adapter sent the answer", beside SQLite alone with the same statements. */
export async function full(): Promise<Figure[]> {
  const rates = { raw: [] as number[], full: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.raw.push(rawRate());
    rates.full.push(await fullRate());
  }
  const [raw, gateway] = [median(rates.raw), median(rates.full)];
  return [
    {
      what: `full path, echo, ${CHATS.toLocaleString('en')} chats`,
      value: perSecond(gateway),
      beside: `the same statements in groups of 100: ${perSecond(raw)}`,
      ratio: `${((gateway / raw) * 100).toFixed(0)} %`,
    },
  ];
}

async function fullRate(): Promise<number> {
  let answered = 0;
  let wake = () => {};
  const platform = inProcessAdapter(() => {
    answered += 1;
    wake();
  });
  const agent = await echo.create('default' as AgentId, echo.options.parse({}));
  const hub = await startGateway(agent, platform.adapter, CHATS);
  let said = 0;
  const answeredUntil = async (total: number) => {
    while (answered < total) {
      while (said < total && said - answered < IN_FLIGHT) void platform.say(said, `chat ${said++ % CHATS}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await answeredUntil(CHATS); // a running service knows its chats
  const began = performance.now();
  await answeredUntil(CHATS + MESSAGES);
  const rate = (MESSAGES / (performance.now() - began)) * 1000;
  await hub.stop();
  return rate;
}

/** What the gateway writes for one message, in its three durable steps, and nothing else. */
function rawRate(): number {
  const folder = mkdtempSync(join(tmpdir(), 'openclaw-bench-'));
  const { db, close } = openDatabase(folder);
  const [inbox, turns, outbox] = [inboxTable(db), turnsTable(db), outboxTable(db)];
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const group = (ids: readonly number[], step: (id: number) => void) => {
    begin.run();
    for (const id of ids) step(id);
    commit.run();
  };
  const source = new IdSource(0);
  const message = JSON.stringify({
    dedupeKey: '12345',
    chat: { id: 'chat 1234', kind: 'direct' },
    sender: { id: 'chat 1234', name: 'Somebody' },
    platformId: '12345',
    sentAt: Date.now(),
    text: 'hello there, how are you today?',
    addressed: true,
  });
  const history = [
    { role: 'user' as const, text: 'hello there, how are you today?' },
    { role: 'assistant' as const, text: 'You said: hello there, how are you today?' },
  ];
  const channel = channelId('bench');
  const began = performance.now();
  for (let done = 0; done < MESSAGES; done += 100) {
    const ids = Array.from({ length: 100 }, () => source.next());
    const at = Date.now();
    const chatOf = (id: number) => id % CHATS;
    group(ids, (id) =>
      inbox.insert({
        id: idText<InboundId>(id),
        channel,
        dedupeKey: String(id),
        chat: chatOf(id),
        session: idText<SessionId>(chatOf(id)),
        message,
        state: 'running',
        reason: undefined,
        receivedAt: at,
      }),
    );
    group(ids, (id) => {
      const turn = idText<TurnId>(id);
      inbox.end(idText(id), 'answered', undefined, turn, at);
      const session = idText<SessionId>(chatOf(id));
      const agent = 'default' as AgentId;
      turns.insert({
        ...{ id: turn, session, agent, state: 'committed', attempts: 1, history, data: [] },
        ...{ startedAt: at, endedAt: at },
      });
      outbox.insert({
        id: `${turn}-0` as OutboundId,
        chat: chatOf(id),
        content: { turn, body: { text: 'You said: hello there, how are you today?' } },
        state: 'sending',
        createdAt: at,
        expiresAt: at + 86_400_000,
      });
    });
    group(ids, (id) => outbox.sent(`${idText(id)}-0` as OutboundId, platformMessageId(String(id)), at));
  }
  const rate = (MESSAGES / (performance.now() - began)) * 1000;
  close();
  rmSync(folder, { recursive: true });
  return rate;
}
