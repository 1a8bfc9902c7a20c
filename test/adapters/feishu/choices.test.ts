import { describe, expect, it } from 'vitest';
import { chatId } from '../../../src/contract/index.ts';
import { openBench, TEAM } from './harness.ts';

async function openChoice(mode: 'websocket' | 'webhook' = 'websocket') {
  const bench = await openBench(mode);
  await bench.start();
  return Object.assign(bench, { seen: () => bench.fake.world.seen(bench.fake.world.alice) });
}

describe('choices', () => {
  it('stand under the text; one that is taken stands in their place', async () => {
    await using bench = await openChoice();
    const { fake, host } = bench;
    const { platformId } = await bench.send(bench.outbound('**Tea?**', { choices: ['Yes', 'No'] }));
    expect(bench.seen()).toMatchObject([{ id: platformId, text: 'Tea?', buttons: ['Yes', 'No'] }]);
    const press = fake.press(fake.world.alice, 'Yes');
    await fake.until(() => press.acked, 'the answer to the press');
    expect(host.messages).toMatchObject([
      {
        text: 'Yes',
        chat: { id: 'oc_alice', kind: 'direct' },
        sender: { id: 'ou_alice' },
        choice: { of: platformId },
      },
    ]);
    expect(bench.seen()).toMatchObject([{ text: 'Tea?\n✓ Yes', buttons: [] }]);
    expect(fake.toasts).toEqual(['✓ Yes']);
  });

  it('are stored before the press is answered; where they cannot be, the buttons stay', async () => {
    await using bench = await openChoice();
    const { fake, host } = bench;
    await bench.send(bench.outbound('Tea?', { choices: ['Yes', 'No'] }));
    host.rejectNext();
    fake.press(fake.world.alice, 'Yes');
    await fake.until(() => fake.toasts.length === 1, 'the failure');
    expect(fake.toasts).toEqual([undefined]);
    expect(bench.seen()).toMatchObject([{ buttons: ['Yes', 'No'] }]);
    const letGo = host.hold();
    const again = fake.press(fake.world.alice, 'Yes');
    await host.until(() => host.offers === 2, 'the second press');
    expect([again.acked, bench.seen()[0]?.buttons]).toEqual([false, ['Yes', 'No']]);
    letGo();
    await fake.until(() => again.acked, 'the answer to the press');
    expect(host.messages).toHaveLength(1);
  });

  it('in a thread lead back into it', async () => {
    await using bench = await openChoice();
    const { fake, host } = bench;
    fake.world.add(fake.world.team, { thread: 'omt_1' });
    const chat = { id: chatId('oc_team:omt_1'), kind: 'group' } as const;
    await bench.send(bench.outbound('Tea?', { chat, choices: ['Yes'] }));
    fake.press(fake.world.team, 'Yes', 'ou_tom');
    await host.until(() => host.messages.length === 1, 'the choice');
    expect(host.messages[0]).toMatchObject({ chat, sender: { id: 'ou_tom' }, addressed: true });
  });

  it('are heard after a restart too', async () => {
    await using bench = await openChoice();
    const { fake } = bench;
    await bench.send(bench.outbound('Tea?', { choices: ['Yes'] }));
    await bench.restart();
    fake.press(fake.world.alice, 'Yes');
    await fake.until(() => fake.toasts.length === 1, 'the answer to the press');
    expect(bench.host.messages).toMatchObject([{ text: 'Yes' }]);
    expect(bench.seen()).toMatchObject([{ text: 'Tea?' }]);
  });

  it('are offered once, also when the receipt was lost', async () => {
    await using bench = await openChoice();
    const message = bench.outbound('Tea?', { choices: ['Yes'] });
    bench.fake.fail('create', { kind: 'drop', when: 'after' });
    await bench.failureOf(bench.send(message));
    await bench.send(message);
    expect(bench.seen()).toMatchObject([{ text: 'Tea?', buttons: ['Yes'] }]);
  });

  it('have a card of their own where the text is long', async () => {
    await using bench = await openChoice();
    const choices = Array.from({ length: 20 }, (_, n) => `${n}`.padEnd(100, '茶'));
    const { platformId } = await bench.send(bench.outbound('word '.repeat(5000), { choices }));
    expect(bench.seen()).toMatchObject([
      { type: 'post', buttons: [] },
      { id: platformId, text: '', buttons: choices },
    ]);
  });

  it('mention nobody', async () => {
    await using bench = await openChoice();
    const { fake } = bench;
    const label = '<at id=all></at> **all**';
    await bench.send(bench.outbound('Whom?', { chat: TEAM, choices: [label] }));
    fake.press(fake.world.team, label);
    await fake.until(() => fake.toasts.length === 1, 'the answer to the press');
    expect(fake.world.seen(fake.world.team)).toMatchObject([{ text: `Whom?\n✓ ${label}`, mentions: [] }]);
  });

  it('come over the webhook as well', async () => {
    await using bench = await openChoice('webhook');
    const { fake, host } = bench;
    await bench.send(bench.outbound('Tea?', { choices: ['Yes', 'No'] }));
    const { served } = host;
    const press = fake.press(fake.world.alice, 'No');
    const response = await served?.fetch(bench.asRequest(press.envelope), { id: '' });
    expect(await response?.json()).toMatchObject({ toast: { content: '✓ No' }, card: { type: 'raw' } });
    expect(host.messages).toMatchObject([{ text: 'No', choice: {} }]);
  });
});
