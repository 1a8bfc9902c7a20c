import { expect, it } from 'vitest';
import { platformMessageId } from '../../../src/contract/index.ts';
import { bench, heard, outbound, soon } from './harness.ts';

it('reacts to what a person said, in a direct chat and in a group', async () => {
  await using it = await bench();
  const ids = [it.whatsapp.say(it.alice, 'Good news'), it.whatsapp.say(it.bob, 'Very good', it.group)];
  await it.host.until(() => it.host.messages.length === 2, 'both messages');
  for (const { chat, platformId } of it.host.messages)
    await it.adapter.react?.(chat, platformId, '🎉', soon());
  expect([...it.whatsapp.reactions]).toEqual(ids.map((id) => [id, '🎉']));
});

it('reacts to what we said ourselves', async () => {
  await using it = await bench();
  const { platformId = platformMessageId('') } = await it.adapter.send(outbound('Done'), soon());
  await it.adapter.react?.(outbound('').chat, platformId, '✅', soon());
  expect([...it.whatsapp.reactions.values()]).toEqual(['✅']);
});

it('reacts once, also when the receipt was lost and it is tried again after a restart', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, 'Good news');
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  const { chat, platformId } = heard(it.host);
  const react = () => it.adapter.react?.(chat, platformId, '👍', soon());
  it.whatsapp.failNext('accept and cut');
  await expect(react()).rejects.toMatchObject({ kind: 'network', certain: false });
  await it.restart();
  await react();
  expect([...it.whatsapp.arrivals.values()], 'one stanza, which phones count once').toEqual([2]);
});

it('tells how WhatsApp refuses a reaction', async () => {
  await using it = await bench();
  it.whatsapp.failNext({ error: 429 });
  const reacting = it.adapter.react?.(outbound('').chat, platformMessageId('a/b'), '👍', soon());
  await expect(reacting).rejects.toMatchObject({ kind: 'rate_limited' });
});

it('shows a heart in colour, and takes nothing that is not one emoji', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, 'Good news');
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  const { chat, platformId } = heard(it.host);
  const react = (emoji: string) => it.adapter.react?.(chat, platformId, emoji, soon());
  await react('\u2764');
  expect([...it.whatsapp.reactions.values()]).toEqual(['\u2764\ufe0f']);
  for (const text of ['', 'no', '👍👍', ':+1:'])
    await expect(react(text)).rejects.toMatchObject({ kind: 'rejected', certain: true });
});
