import { expect, test } from 'vitest';
import { senderId, type Turn } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, parrot, ScriptedChannel, TestGateway } from './harness.ts';

const HOUR = 3_600_000;

test('what comes too late is told with the next message, and what comes much too late is ignored', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf((turn: Turn) =>
    turn.messages.map(({ text, tooLate }) => (tooLate ? `(${text})` : text)).join(' '),
  );
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  const ago = (hours: number) => ({ sentAt: Date.now() - hours * HOUR });
  await channel.say('ann', 'ancient', ago(3));
  await channel.say('ann', 'old', ago(1.5));
  await channel.say('ann', 'recent', ago(0.5));
  await hub.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['(old) recent']);
  expect(hub.events('inbound.ignored').map(({ reason }) => reason)).toEqual(['much_too_late', 'too_late']);
  await hub.stop();
});

test('other bots are not answered, unless the owner names them', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot(), {
    access: { dmPolicy: 'open', allowFrom: ['friend'] },
  }).start();
  await channel.say('c1', 'I am a bot', { sender: { id: senderId('stranger'), bot: true } });
  await channel.say('c2', 'so am I', { sender: { id: senderId('friend'), bot: true } });
  await hub.until('outbound.sent');
  expect(channel.arrived.map(({ chat }) => chat.id)).toEqual(['c2']);
  expect(hub.events('inbound.ignored').map(({ reason }) => reason)).toEqual(['from_bot']);
  await hub.stop();
});

test.each([
  ['that say so', { bot: true }, undefined],
  ['on a channel that cannot tell', {}, { capabilities: { botsUnmarked: true } }],
])('two bots cannot loop: %s', async (_, mark, able) => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a', 'none', able);
  const hub = await new TestGateway(folder.path, [channel], parrot(), {
    access: { allowFrom: ['other'], loopLimit: 5 },
  }).start();
  const other = { sender: { id: senderId('other'), ...mark } };
  hub.gateway.events.on('outbound.sent', ({ id }) => void channel.say('c', `to ${id}`, other));
  await channel.say('c', 'hello', other);
  await hub.until('inbound.ignored');
  expect(hub.events('inbound.ignored').map(({ reason }) => reason)).toEqual(['loop']);
  expect(channel.arrived.length).toBe(6);
  await hub.stop();
});

test('people who write quickly are no loop on a channel that tells bots apart', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot(), { access: { loopLimit: 1 } }).start();
  for (let sent = 1; sent <= 5; sent += 1) {
    await channel.say('c', `${sent}`);
    await hub.until('outbound.sent', sent);
  }
  expect(channel.arrived).toHaveLength(5);
  await hub.stop();
});
