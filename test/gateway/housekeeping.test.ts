import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { ChannelError, type Turn } from '../../src/contract/index.ts';
import { Housekeeper } from '../../src/gateway/housekeeper.ts';
import { EventBus } from '../../src/gateway/index.ts';
import { openStore, StorageFault } from '../../src/store/index.ts';
import { Disk } from '../kit/disk.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, parrot, ScriptedChannel, TestGateway } from './harness.ts';

const DAY = 86_400_000;

/** Goes through the folder as if it were so much later. */
async function tidy(folder: string, laterMs: number, retention = { messages: DAY, files: DAY }) {
  const store = openStore(folder);
  const before = store.ledger.audit();
  await new Housekeeper(store, new EventBus(), retention).tidy(Date.now() + laterMs);
  const after = store.ledger.audit();
  const left = { in: store.ledger.recent(1000), dead: [...store.deadLetters.list()] };
  await store.close();
  return { before, after, left };
}

test('what is old and done with goes, and the sums stay', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  for (let count = 0; count < 120; count += 1) await channel.say(`c${count % 7}`, `${count}`);
  await channel.say('g', 'chatter', { chat: { id: 'g' as never, kind: 'group' }, addressed: false });
  await hub.until('outbound.sent', 120);
  await hub.stop();
  const early = await tidy(folder.path, DAY / 2);
  expect(early.left.in).toHaveLength(121);
  const { before, after, left } = await tidy(folder.path, 2 * DAY);
  expect(left.in).toEqual([]);
  expect(after).toEqual(before);
  expect(after).toEqual({ in: { answered: 120, ignored: 1 }, out: { sent: 120 }, contradictions: [] });
});

test('nothing goes that waits for anybody', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let stuck = true;
  channel.onSend = async (message) => {
    if (message.chat.id === 'refused') throw new ChannelError('rejected', 'no');
    if (message.chat.id === 'stuck' && stuck) throw new ChannelError('network', 'cut', { certain: true });
    return channel.accept(message);
  };
  const agent = agentOf((turn: Turn) => {
    if (turn.messages[0]?.chat.id === 'failed') throw new Error('no model');
    return 'fine';
  });
  const hub = await new TestGateway(folder.path, [channel], agent, {
    turns: { maxAttempts: 1, timeout: 1_000, maxMessages: 10 },
  }).start();
  for (const chat of ['refused', 'stuck', 'failed', 'fine']) await channel.say(chat, 'x');
  await hub.until('turn.failed');
  await hub.until('outbound.dead');
  await hub.until('outbound.retry');
  await hub.until('outbound.sent', 2);
  await hub.stop();
  const { left, after } = await tidy(folder.path, 2 * DAY);
  const waiting = left.in.filter(({ state }) => state !== 'ignored').map(({ chat }) => chat);
  expect(waiting.toSorted()).toEqual(['failed', 'refused', 'stuck']);
  expect(left.dead.map(({ chat }) => chat).toSorted()).toEqual(['failed', 'refused']);
  expect(after.contradictions).toEqual([]);
  stuck = false;
  const next = await new TestGateway(folder.path, [channel], agent).start();
  await next.until('outbound.sent');
  expect(channel.textsIn('stuck')).toEqual(['fine']);
  await next.stop();
});

test('files go by their own age', async () => {
  using folder = emptyFolder();
  const shelf = join(folder.path, 'workspaces', 's', 'in');
  mkdirSync(shelf, { recursive: true });
  for (const name of ['old', 'new']) writeFileSync(join(shelf, name), 'x');
  utimesSync(join(shelf, 'old'), 0, 0);
  await tidy(folder.path, 0);
  expect([existsSync(join(shelf, 'old')), existsSync(join(shelf, 'new'))]).toEqual([false, true]);
});

test('too many waiting messages of one conversation are ignored with a reason, and the others do not notice', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const gate = Promise.withResolvers<void>();
  const agent = agentOf(async (turn: Turn) => {
    if (turn.messages[0]?.chat.id === 'flood') await gate.promise;
    return 'fine';
  });
  const hub = await new TestGateway(folder.path, [channel], agent, {
    sessions: { maxLive: 5, idleTimeout: 1_000, maxWaiting: 10 },
  }).start();
  for (let count = 0; count < 30; count += 1) await channel.say('flood', `${count}`);
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  gate.resolve();
  await hub.until('outbound.sent', 11);
  expect(hub.events('inbound.ignored').map(({ reason }) => reason)).toEqual(Array(20).fill('too_many'));
  expect(channel.textsIn('ann')).toEqual(['fine']);
  await hub.stop();
});

test('the clock going back does not make anything old', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  await hub.stop();
  using _clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 10 * DAY);
  expect((await tidy(folder.path, 0)).left.in).toHaveLength(1);
});

test('a full disk is no mistake of ours: what could not be removed waits for the next round', async () => {
  using folder = emptyFolder();
  const disk = new Disk(folder.path, () => {});
  using _installed = disk.install();
  const store = openStore(folder.path);
  const events = new EventBus();
  const mistakes: unknown[] = [];
  events.on('internal.error', ({ error }) => mistakes.push(error));
  const faults = Promise.withResolvers<unknown>();
  store.onFault(faults.resolve);
  disk.full = 'BEGIN IMMEDIATE';
  const housekeeper = new Housekeeper(store, events, { messages: DAY, files: DAY });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  housekeeper.start();
  vi.runAllTimers();
  vi.useRealTimers();
  expect(await faults.promise).toBeInstanceOf(StorageFault);
  await setImmediate(); // time to tell of it
  disk.full = undefined;
  await housekeeper.stop();
  expect(mistakes).toEqual([]);
  await store.close();
});
