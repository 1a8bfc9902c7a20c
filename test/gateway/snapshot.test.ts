import { expect, test } from 'vitest';
import type { Turn } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, failed, ScriptedChannel, TestGateway } from './harness.ts';

test('a snapshot tells what waits, where, and since when, and nothing once all is done', async () => {
  using folder = emptyFolder();
  const [quick, stuck] = [new ScriptedChannel('quick'), new ScriptedChannel('stuck')];
  const answer = Promise.withResolvers<void>();
  const sending = Promise.withResolvers<void>();
  stuck.onSend = async (message) => {
    await sending.promise;
    return stuck.accept(message);
  };
  const agent = agentOf(async (turn: Turn) => {
    if (turn.messages[0]?.chat.id === 'thinking') await answer.promise;
    return 'fine';
  });
  const hub = await new TestGateway(folder.path, [quick, stuck], agent).start();
  const began = Date.now();
  await quick.say('thinking', 'one');
  await quick.say('thinking', 'two');
  for (let chat = 0; chat < 12; chat += 1) await stuck.say(`c${chat}`, 'x');
  await stuck.say('c0', 'y');
  await hub.until('turn.ended', 13);
  await expect.poll(() => hub.gateway.snapshot().channels[1]?.toAnswer).toBe(0);

  const { channels, sessions, turns, lanes, dead, resting, trouble, at } = hub.gateway.snapshot();
  expect(
    channels.map(({ id, state, toAnswer, toSend, lanes }) => ({ id, state, toAnswer, toSend, lanes })),
  ).toEqual([
    { id: 'quick', state: 'connected', toAnswer: 2, toSend: 0, lanes: 0 },
    { id: 'stuck', state: 'connected', toAnswer: 0, toSend: 13, lanes: 12 },
  ]);
  expect(channels[0]).not.toHaveProperty('oldest');
  expect(channels[1]?.oldest).toBeGreaterThanOrEqual(began);
  expect(channels[1]?.tokens.burst).toBe(1_000_000);
  expect(turns).toMatchObject([
    { channel: 'quick', agent: 'default', mode: 'running', messages: 2, attempts: 1 },
  ]);
  expect(turns[0]?.since).toBeGreaterThanOrEqual(began);
  expect(turns[0]?.since).toBeLessThanOrEqual(at);
  expect(lanes.map(({ chat }) => chat)).toEqual([...Array(10).keys()].map((chat) => `c${chat}`));
  expect(lanes[0]).toMatchObject({ channel: 'stuck', state: 'sending', messages: 2, attempts: 1 });
  expect(sessions).toMatchObject({ live: 13, running: 1, places: 50, waiting: 0, opened: 13, evicted: 0 });
  expect({ dead, resting, trouble }).toEqual({ dead: { in: 0, out: 0 }, resting: [], trouble: undefined });

  answer.resolve();
  sending.resolve();
  await hub.until('outbound.sent', 15);
  const done = { toAnswer: 0, toSend: 0, lanes: 0 };
  await expect
    .poll(() => hub.gateway.snapshot())
    .toMatchObject({ channels: [done, done], turns: [], lanes: [], sessions: { live: 13, running: 0 } });
  await hub.stop();
});

test('a snapshot names dead letters, agents that rest, and why a channel is not connected', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  channel.onSend = async () => Promise.reject(failed('rejected', true));
  let down = false;
  const agent = agentOf(() => {
    if (down) throw new Error('no model');
    return 'fine';
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('c', 'x');
  await hub.until('outbound.dead');
  expect(hub.gateway.snapshot().dead).toEqual({ in: 0, out: 1 });
  down = true;
  for (let chat = 0; chat < 12; chat += 1) await channel.say(`d${chat}`, 'x');
  await hub.until('agent.resting');
  expect(hub.gateway.snapshot()).toMatchObject({ resting: ['default'], channels: [{ toAnswer: 12 }] });
  await hub.stop();
});
