import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { ChannelError } from '../../src/contract/index.ts';
import { openLedger } from '../../src/store/index.ts';
import { Disk } from '../kit/disk.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, failed, parrot, ScriptedChannel, TestGateway } from './harness.ts';

test('a message is answered in its chat, with an id made from its turn', async () => {
  using folder = emptyFolder();
  const chat = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [chat], parrot()).start();
  await chat.say('ann', 'hello');
  await hub.until('outbound.sent');
  expect(chat.textsIn('ann')).toEqual(['re: hello']);
  const { turn, id } = chat.arrived[0] ?? {};
  expect(id).toBe(`${turn}-0`);
  expect(id).toMatch(/^[0-9a-z-]{1,25}$/);
  await hub.stop();
});

test('order holds in a chat, also when the first message needs three attempts; other chats do not wait', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'native');
  let failures = 2;
  channel.onSend = (message) => {
    if (message.chat.id === 'slow' && message.body.text === 're: 1' && failures-- > 0) {
      throw failed('unavailable', true);
    }
    return channel.accept(message);
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  for (const text of ['1', '2', '3']) await channel.say('slow', text);
  await channel.say('quick', '1');
  await hub.until('outbound.sent', 4);
  expect(channel.textsIn('slow')).toEqual(['re: 1', 're: 2', 're: 3']);
  expect(channel.arrived[0]?.chat.id).toBe('quick');
  expect(new Set(channel.arrived.map(({ id }) => id)).size).toBe(4);
  await hub.stop();
});

test('an answer in several parts arrives in order, each with an id of its own', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(
    folder.path,
    [channel],
    agentOf(() => 'one\ftwo\fthree'),
  ).start();
  await channel.say('ann', 'go');
  await hub.until('outbound.sent', 3);
  expect(channel.textsIn('ann')).toEqual(['one', 'two', 'three']);
  expect(channel.arrived.map(({ id }) => id.split('-')[1])).toEqual(['0', '1', '2']);
  await hub.stop();
});

test('in a group the answer points at its question, and who does not address us is ignored with a reason', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  const group = { id: 'g' as never, kind: 'group' as const };
  await channel.say('g', 'chatter', { chat: group, addressed: false });
  await channel.say('g', 'hey bot', { chat: group });
  await hub.until('outbound.sent');
  expect(hub.events('inbound.ignored').map(({ reason }) => reason)).toEqual(['not_addressed']);
  expect(channel.arrived.map(({ replyTo }) => replyTo)).toEqual(['2']);
  await hub.stop();
});

test('a lost answer: resent and marked where nobody can tell, and recorded as unknown first', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'none');
  let first = true;
  channel.onSend = async (message) => {
    const receipt = await channel.accept(message);
    if (first) {
      first = false;
      throw failed('network', false);
    }
    return receipt;
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'hi');
  await hub.until('outbound.sent');
  expect(channel.arrived.map(({ possiblyRepeated }) => possiblyRepeated)).toEqual([false, true]);
  expect(new Set(channel.arrived.map(({ id }) => id)).size, 'the same id both times').toBe(1);
  expect(hub.count('outbound.unknown')).toBe(1);
  await hub.stop();
});

test('a lost answer: held for a person where the owner wants that', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'none');
  channel.onSend = async (message) => {
    await channel.accept(message);
    throw failed('network', false);
  };
  const hub = await new TestGateway(folder.path, [channel], parrot(), { onUnknown: 'hold' }).start();
  await channel.say('ann', 'hi');
  await hub.until('outbound.dead');
  expect(channel.arrived).toHaveLength(1);
  expect(hub.events('outbound.dead')[0]).toMatchObject({
    kind: 'held',
    reason: expect.stringMatching(/may have arrived/),
  });
  await hub.stop();
});

test('a lost answer: looked up where that can be done, and not sent again', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'readback');
  channel.onSend = async (message) => {
    await channel.accept(message);
    throw failed('network', false);
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'hi');
  await hub.until('outbound.sent');
  expect(channel.arrived).toHaveLength(1);
  await hub.stop();
});

test('a refusal for good is a dead letter at once, and the lane goes on', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  channel.onSend = (message) => {
    if (message.body.text === 're: bad') throw new ChannelError('rejected', 'message is forbidden');
    return channel.accept(message);
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'bad');
  await channel.say('ann', 'good');
  await hub.until('outbound.sent');
  expect(hub.events('outbound.dead')[0]?.reason).toBe('message is forbidden');
  expect(channel.textsIn('ann')).toEqual(['re: good']);
  await hub.stop();
});

test('a known dedupe key is not answered again', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'hello', { dedupeKey: 'same' });
  await hub.until('outbound.sent');
  await channel.say('ann', 'hello', { dedupeKey: 'same' });
  await hub.until('inbound.duplicate');
  await channel.say('ann', 'bye');
  await hub.until('outbound.sent', 2);
  expect(channel.textsIn('ann')).toEqual(['re: hello', 're: bye']);
  await hub.stop();
});

test('an event that cannot be read is kept, and neither blocks nor repeats', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  const unreadable = [{ dedupeKey: 'x', payload: '{"strange":1}', error: 'no chat' }];
  await channel.host?.receive({ messages: [], unreadable, cursor: '7' });
  await channel.host?.receive({ messages: [], unreadable, cursor: '8' });
  expect(channel.host?.cursor()).toBe('8');
  expect(hub.events('inbound.unreadable')).toEqual([{ channel: 'a', dedupeKey: 'x', error: 'no chat' }]);
  await hub.stop();
});

test.each(['resend', 'hold'] as const)(
  'where a platform deduplicates for a while only, later attempts go by the policy: %s',
  async (onUnknown) => {
    using folder = emptyFolder();
    const channel = new ScriptedChannel('a', 'native', { capabilities: { dedupeForMs: 5_000 } });
    const marks: boolean[] = [];
    channel.onSend = async ({ possiblyRepeated }) => {
      marks.push(possiblyRepeated);
      if (marks.length === 1) throw failed('network', false);
      return {};
    };
    const hub = await new TestGateway(folder.path, [channel], parrot(), { onUnknown }).start();
    const now = Date.now.bind(Date);
    let ahead = 0;
    using _clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
    await channel.say('ann', 'x');
    await hub.until('outbound.retry');
    ahead = 10_000; // before the second attempt, the platform forgets the first one
    await hub.until(onUnknown === 'hold' ? 'outbound.dead' : 'outbound.sent');
    expect(marks).toEqual(onUnknown === 'hold' ? [false] : [false, true]);
    if (onUnknown === 'hold') expect(hub.events('outbound.dead')[0]?.reason).toMatch(/may have arrived/);
    await hub.stop();
  },
);

test('what is marked is recorded as possibly repeated before it is sent', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'native', { capabilities: { dedupeForMs: 5_000 } });
  const recorded: (boolean | undefined)[] = [];
  channel.onSend = async ({ id }) => {
    const ledger = openLedger(folder.path);
    recorded.push(ledger.outbound(id)?.possiblyRepeated);
    ledger.close();
    if (recorded.length === 1) throw failed('network', false);
    return {};
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  const now = Date.now.bind(Date);
  let ahead = 0;
  using _clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
  await channel.say('ann', 'x');
  await hub.until('outbound.retry');
  ahead = 10_000;
  await hub.until('outbound.sent');
  expect(recorded).toEqual([false, true]);
  await hub.stop();
});

test('the platform forgets while the disk is full: what was due before is marked all the same', async () => {
  using folder = emptyFolder();
  const disk = new Disk(folder.path, () => {});
  using _installed = disk.install();
  const channel = new ScriptedChannel('a', 'native', { capabilities: { dedupeForMs: 5_000 } });
  const marks: boolean[] = [];
  channel.onSend = async ({ possiblyRepeated }) => {
    marks.push(possiblyRepeated);
    if (marks.length === 1) throw failed('network', false);
    return {};
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'x');
  await hub.until('outbound.retry');
  disk.full = 'BEGIN IMMEDIATE';
  await hub.until('store.fault');
  const now = Date.now.bind(Date);
  using _clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 10_000);
  disk.full = undefined;
  await hub.until('outbound.sent');
  expect(marks).toEqual([false, true]);
  await hub.stop();
});

test('a certain refusal and the decision to try again are written together: a kill leaves no doubt', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'none');
  const states: (string | undefined)[] = [];
  let refused = false;
  channel.onSend = async (message) => {
    if (refused) return channel.accept(message);
    refused = true;
    throw failed('network', true);
  };
  const disk = new Disk(folder.path, (side) => {
    if (!refused || side === 'before') return;
    const ledger = openLedger(folder.path);
    const [first] = ledger.recent(1);
    const [message] = ledger.outboundOf(first?.turn ?? '');
    ledger.close();
    if (message?.failures.length === 1) states.push(message.state);
  });
  using _installed = disk.install();
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  expect(states[0], 'as the refusal is on disk').toBe('pending');
  await hub.stop();
});

test('a clock that is set back keeps no message waiting', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let refused = false;
  channel.onSend = async (message) => {
    if (refused) return channel.accept(message);
    refused = true;
    throw failed('network', true);
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'x');
  await hub.until('outbound.retry');
  await setImmediate(); // now it waits
  const now = Date.now.bind(Date);
  using _clock = vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
  await hub.until('outbound.sent');
  await hub.stop();
});

test('a message that was cut off by our own end again and again is not kept waiting for it', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'native');
  channel.onSend = async () => {
    throw failed('network', false);
  };
  const before = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'hello');
  await before.until('outbound.retry');
  await before.stop();
  const db = new Database(join(folder.path, 'gateway.db'));
  db.exec("UPDATE outbox SET state = 'sending', attempts = 7, not_before = NULL");
  db.close();

  channel.onSend = (message) => channel.accept(message);
  const after = await new TestGateway(folder.path, [channel], parrot()).start();
  await after.until('outbound.retry');
  // Seven failures of the platform would mean half an hour.
  expect(after.events('outbound.retry')[0]?.inMs).toBeLessThanOrEqual(2_000);
  await after.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['re: hello']);
  await after.stop();
});
