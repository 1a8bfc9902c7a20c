import { expect, test } from 'vitest';
import { type AgentEvent, platformMessageId, type Turn } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, failed, ScriptedChannel, TestGateway } from './harness.ts';

/** Asks once, and then says what it heard. */
function asking(labels: readonly string[]) {
  let asked = false;
  return agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    const { text, choice } = turn.messages.at(-1) ?? {};
    yield { type: 'chunk', text: asked ? `heard ${text} ${JSON.stringify(choice)}` : 'Tea?' };
    if (!asked) yield { type: 'choices', labels };
    asked = true;
    yield { type: 'done' };
  });
}

const many = Array.from({ length: 12 }, (_, index) => `Option ${index + 1}`);

test('a channel without buttons numbers the choices, and a number is as good as a button', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], asking(many)).start();
  await channel.say('ann', 'hi');
  await hub.until('outbound.sent');
  expect(channel.textsIn('ann')[0]).toMatch(/^Tea\?\n\n1\. Option 1\n.*\n12\. Option 12$/s);
  expect(channel.arrived[0]?.choices).toBeUndefined();
  await channel.say('bob', '2');
  await channel.say('ann', ' 12. ');
  await hub.until('outbound.sent', 3);
  expect(channel.textsIn('ann')[1]).toBe('heard Option 12 {}');
  expect(channel.textsIn('bob')[0], 'another chat was asked nothing').toBe('heard 2 undefined');
  await channel.say('ann', '1');
  await hub.until('outbound.sent', 4);
  expect(channel.textsIn('ann')[2], 'the question is no longer the last word').toBe('heard 1 undefined');
  await hub.stop();
});

test.each(['２', '2、', ' 2。'])(
  'a number is understood as Chinese keyboards write it: %s',
  async (number) => {
    using folder = emptyFolder();
    const channel = new ScriptedChannel('a');
    const hub = await new TestGateway(folder.path, [channel], asking(many)).start();
    await channel.say('ann', 'hi');
    await hub.until('outbound.sent');
    await channel.say('ann', number);
    await hub.until('outbound.sent', 2);
    expect(channel.textsIn('ann')[1]).toBe('heard Option 2 {}');
    await hub.stop();
  },
);

test('a channel with buttons gets them under the last text, cut to its limits; too many are numbered', async () => {
  using folder = emptyFolder();
  const able = { capabilities: { choices: { most: 3, labelLimit: 8 } } };
  const few = new ScriptedChannel('few', 'none', able);
  const hub = await new TestGateway(folder.path, [few], asking(['Yes', 'Certainly not'])).start();
  await few.say('ann', 'hi');
  await hub.until('outbound.sent');
  expect(few.arrived[0]).toMatchObject({ body: { text: 'Tea?' }, choices: ['Yes', 'Certain…'] });
  await few.say('ann', 'Yes', { choice: { of: platformMessageId('p1') } });
  await hub.until('outbound.sent', 2);
  expect(few.textsIn('ann')[1]).toBe('heard Yes {"of":"p1"}');
  await hub.stop();

  using other = emptyFolder();
  const toomany = new ScriptedChannel('many', 'none', able);
  const second = await new TestGateway(other.path, [toomany], asking(many)).start();
  await toomany.say('ann', 'hi');
  await second.until('outbound.sent');
  expect(toomany.arrived[0]?.choices).toBeUndefined();
  expect(toomany.textsIn('ann')[0]).toContain('12. Option 12');
  await second.stop();
});

const reacting = agentOf(async function* (): AsyncIterable<AgentEvent> {
  yield { type: 'chunk', text: 'Nice.' };
  yield { type: 'reaction', emoji: '🎉' };
  yield { type: 'done' };
});

test('a reaction is sent like any message: in its place, tried again, and left out where there are none', async () => {
  using folder = emptyFolder();
  const reactions: string[] = [];
  let failures = 1;
  const channel = new ScriptedChannel('a', 'none', {
    capabilities: { reactions: true },
    methods: {
      async react(chat, message, emoji) {
        if (failures-- > 0) throw failed('network', false);
        reactions.push(`${chat.id} ${message} ${emoji} after ${channel.arrived.length}`);
      },
    },
  });
  const plain = new ScriptedChannel('b');
  const hub = await new TestGateway(folder.path, [channel, plain], reacting).start();
  await channel.say('ann', 'hi');
  await plain.say('ann', 'hi');
  await hub.until('outbound.sent', 3);
  expect(reactions).toEqual(['ann 1 🎉 after 1']);
  expect(channel.textsIn('ann')).toEqual(['Nice.']);
  expect(plain.textsIn('ann')).toEqual(['Nice.']);
  expect(hub.events('outbound.unknown')).toHaveLength(1);
  await hub.stop();
});
