import { expect, test } from 'vitest';
import type { Turn } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, ScriptedChannel, TestGateway } from './harness.ts';

test('while a model is down, what it is asked waits without being tried one by one, and is answered when it is back', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let down = true;
  let runs = 0;
  const agent = agentOf((turn: Turn) => {
    runs += 1;
    if (down) throw new Error('no model');
    return `re: ${turn.messages.at(-1)?.text}`;
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  for (let chat = 0; chat < 300; chat += 1) await channel.say(`c${chat}`, 'x');
  await hub.until('agent.resting');
  const before = runs;
  for (let chat = 300; chat < 400; chat += 1) await channel.say(`c${chat}`, 'x');
  expect(runs - before, 'nobody asks it in vain').toBeLessThan(5);
  down = false;
  await hub.until('agent.recovered');
  await hub.until('outbound.sent', 400);
  expect(new Set(channel.arrived.map(({ chat }) => chat.id)).size).toBe(400);
  expect(channel.arrived.every(({ body }) => body.text === 're: x')).toBe(true);
  expect(hub.count('turn.failed')).toBe(0);
  await hub.stop();
});

test('one conversation that always fails does not make an agent rest that answers the others', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf((turn: Turn) => {
    if (turn.messages[0]?.chat.id === 'bad') throw new Error('it chokes on this one');
    return 'fine';
  });
  const options = { turns: { maxAttempts: 1, timeout: 60_000, maxMessages: 10 } };
  const hub = await new TestGateway(folder.path, [channel], agent, options).start();
  for (let round = 1; round <= 20; round += 1) {
    await channel.say('bad', 'x');
    await hub.until('turn.failed', round);
    await channel.say('good', 'x');
    await hub.until('turn.ended', round);
  }
  expect(hub.count('agent.resting')).toBe(0);
  await hub.stop();
});
