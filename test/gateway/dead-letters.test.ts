import { expect, test } from 'vitest';
import {
  ChannelError,
  channelId,
  chatId,
  type OutboundMessage,
  type Turn,
} from '../../src/contract/index.ts';
import { openLedger } from '../../src/store/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, failed, parrot, ScriptedChannel, TestGateway } from './harness.ts';

function ledgerOf(folder: string) {
  const ledger = openLedger(folder);
  const letters = [...ledger.deadLetters.list()];
  const audit = ledger.audit();
  ledger.close();
  return { letters, audit };
}

test('an answer that is refused for good waits as a dead letter, and is replayed under its own id', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const tried: string[] = [];
  channel.onSend = async (message) => {
    tried.push(message.id);
    throw new ChannelError('rejected', 'too long');
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'hello');
  await hub.until('outbound.dead');
  expect(ledgerOf(folder.path).letters).toMatchObject([
    {
      direction: 'out',
      kind: 'refused',
      reason: 'too long',
      channel: 'a',
      chat: 'ann',
      text: 're: hello',
    },
  ]);
  channel.onSend = (message) => channel.accept(message);
  expect(await hub.gateway.deadLetters.replay({ channel: 'other' })).toBe(0);
  expect(await hub.gateway.deadLetters.replay({ channel: 'a' })).toBe(1);
  await hub.until('outbound.sent');
  expect(channel.arrived.map(({ id }) => id)).toEqual([tried[0]]);
  const { letters, audit } = ledgerOf(folder.path);
  expect([letters, audit.contradictions]).toEqual([[], []]);
  await hub.stop();
});

test('a message whose turn failed is replayed as a new one, once, also across a restart', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let broken = true;
  const agent = agentOf((turn: Turn) => {
    if (broken) throw new Error('no model');
    return `re: ${turn.messages.at(-1)?.text}`;
  });
  const options = { turns: { maxAttempts: 1, timeout: 1_000, maxMessages: 10 } };
  const hub = await new TestGateway(folder.path, [channel], agent, options).start();
  await channel.say('ann', 'hello');
  await hub.until('outbound.sent');
  const [letter] = ledgerOf(folder.path).letters;
  expect(letter).toMatchObject({ direction: 'in', kind: 'failed', text: 'hello' });
  broken = false;
  await hub.stop();
  const next = await new TestGateway(folder.path, [channel], agent, options).start();
  expect(await next.gateway.deadLetters.replay({ ids: [letter?.id ?? ''] })).toBe(1);
  expect(await next.gateway.deadLetters.replay({})).toBe(0);
  await next.until('outbound.sent');
  expect(channel.textsIn('ann').at(-1)).toBe('re: hello');
  expect(ledgerOf(folder.path).audit).toMatchObject({ in: { answered: 1, dead: 1 }, contradictions: [] });
  await next.stop();
});

test('an event that could not be read is read again by an adapter that can', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'none', {
    methods: {
      normalize: (raw) => ({
        dedupeKey: 'x',
        chat: { id: chatId('ann'), kind: 'direct' },
        sender: { id: 'ann' as never },
        platformId: '1' as never,
        sentAt: 0,
        text: (raw as { text: string }).text,
        addressed: true,
      }),
    },
  });
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  const unreadable = [
    { dedupeKey: 'worse', payload: 'no JSON at all', error: 'no JSON' },
    { dedupeKey: 'odd', payload: '{"text":"at last"}', error: 'no chat' },
  ];
  await channel.host?.receive({ messages: [], unreadable });
  expect(ledgerOf(folder.path).letters).toMatchObject([
    { direction: 'in', kind: 'unreadable', text: 'no JSON at all' },
    { direction: 'in', kind: 'unreadable', text: '{"text":"at last"}' },
  ]);
  expect(await hub.gateway.deadLetters.replay({ kind: 'unreadable' })).toBe(1);
  await hub.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['re: at last']);
  expect(ledgerOf(folder.path).letters.map(({ text }) => text)).toEqual(['no JSON at all']);
  await hub.stop();
});

test('what a lost connection is to blame for is replayed when it is back; what the platform refused is not', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let trouble: ChannelError | undefined = failed('network', true);
  channel.onSend = async (message) => {
    if (trouble !== undefined) throw trouble;
    return channel.accept(message);
  };
  const hub = await new TestGateway(folder.path, [channel], parrot(), { retryDelays: [1] }).start();
  await channel.say('ann', 'lost');
  await hub.until('outbound.dead');
  trouble = new ChannelError('rejected', 'gone');
  await channel.say('bob', 'refused');
  await hub.until('outbound.dead', 2);
  trouble = undefined;
  channel.host?.onStateChange({ state: 'disconnected', error: failed('network', true) });
  await hub.until('outbound.sent');
  expect(channel.arrived.map(({ chat }) => chat.id)).toEqual(['ann']);
  expect(ledgerOf(folder.path).letters.map(({ chat }) => chat)).toEqual(['bob']);
  await hub.stop();
});

const lostOnce = (channel: ScriptedChannel) => {
  let lost = false;
  return async (message: OutboundMessage) => {
    const receipt = await channel.accept(message);
    if (lost) return receipt;
    lost = true;
    throw failed('network', false);
  };
};

test('a message that was given up in doubt is marked when a lost connection is back', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'none');
  channel.onSend = lostOnce(channel);
  const hub = await new TestGateway(folder.path, [channel], parrot(), { retryDelays: [] }).start();
  await channel.say('ann', 'hello');
  await hub.until('outbound.dead');
  channel.host?.onStateChange({ state: 'disconnected', error: failed('network', true) });
  await hub.until('outbound.sent');
  expect(channel.arrived.map(({ possiblyRepeated }) => possiblyRepeated)).toEqual([false, true]);
  await hub.stop();
});

test('a message in doubt is looked for where that can be done, also after the last attempt', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'readback');
  channel.onSend = lostOnce(channel);
  const hub = await new TestGateway(folder.path, [channel], parrot(), { retryDelays: [] }).start();
  await channel.say('ann', 'hello');
  await hub.until('outbound.sent');
  expect(channel.arrived).toHaveLength(1);
  await hub.stop();
});

test('a message in doubt is held also after the last attempt; when a person replays it, it is marked', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'none');
  channel.onSend = lostOnce(channel);
  const options = { retryDelays: [], onUnknown: 'hold' as const };
  const hub = await new TestGateway(folder.path, [channel], parrot(), options).start();
  await channel.say('ann', 'hello');
  await hub.until('outbound.dead');
  expect(hub.events('outbound.dead')[0]?.kind).toBe('held');
  await hub.gateway.deadLetters.replay({});
  await hub.until('outbound.sent');
  expect(channel.arrived.map(({ possiblyRepeated }) => possiblyRepeated)).toEqual([false, true]);
  await hub.stop();
});

test('a discarded one keeps its outcome and the reason', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  channel.onSend = async () => {
    throw new ChannelError('rejected', 'blocked');
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'hello');
  await hub.until('outbound.dead');
  expect(await hub.gateway.deadLetters.discard({ kind: 'held' }, 'not these')).toBe(0);
  expect(await hub.gateway.deadLetters.discard({}, 'she left')).toBe(1);
  const { letters, audit } = ledgerOf(folder.path);
  expect([letters, audit.out]).toEqual([[], { dead: 1 }]);
  await hub.stop();
});

test('an answer that waited too long is not sent any more', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot(), { expireAfter: -1 }).start();
  channel.onSend = async () => {
    throw failed('network', true);
  };
  await channel.say('ann', 'hello');
  await hub.until('outbound.dead');
  expect(ledgerOf(folder.path).letters).toMatchObject([{ kind: 'expired' }]);
  await hub.stop();
});

test('the agent is told with the next message what it said in vain', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf((turn: Turn) =>
    turn.messages.map(({ text, change }) => (change ? `(${change.kind}: ${text})` : text)).join(' '),
  );
  let refuse = true;
  channel.onSend = async (message) => {
    if (refuse) throw new ChannelError('rejected', 'no');
    return channel.accept(message);
  };
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'one');
  await hub.until('outbound.dead');
  refuse = false;
  await channel.say('ann', 'two');
  await hub.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['(undelivered: one) two']);
  await hub.stop();
});

test('the owner hears of it on a channel that works, gathered, and a notice breeds no notices', async () => {
  using folder = emptyFolder();
  const bad = new ScriptedChannel('bad');
  const good = new ScriptedChannel('good');
  bad.onSend = async () => {
    throw new ChannelError('rejected', 'no');
  };
  const owner = [
    { channel: channelId('bad'), chat: chatId('owner') },
    { channel: channelId('good'), chat: chatId('owner') },
  ];
  const hub = await new TestGateway(folder.path, [bad, good], parrot(), {
    owner,
    ownerNotices: { gatherMs: 20, quietMs: 0 },
  }).start();
  for (const chat of ['ann', 'bob', 'cid']) await bad.say(chat, 'x');
  await hub.until('outbound.dead', 3);
  const error = new ChannelError('auth', 'bad token', { hint: 'Renew it.' });
  bad.host?.onStateChange({ state: 'disconnected', error });
  const told = () => good.textsIn('owner').join('\n');
  while (!told().includes('Renew it.')) await hub.until('outbound.sent', hub.count('outbound.sent') + 1);
  const counts = [...told().matchAll(/(\d+) answers? on bad could not be delivered \(refused\)/g)];
  expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(3);
  expect(told()).toMatch(/bad is refused by its platform\. Renew it\./);
  expect(bad.arrived).toEqual([]);
  await hub.stop();
});
