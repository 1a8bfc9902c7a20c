import { expect, it } from 'vitest';
import { bench, outbound } from './harness.ts';

const soon = () => AbortSignal.timeout(20_000);

it('a session is not spoiled by what was meant for another one', async () => {
  await using it = await bench();
  const { whatsapp, alice } = it;
  whatsapp.say(alice, 'one');
  await it.host.until(() => it.host.messages.length === 1, 'the first message');
  await it.adapter.send(outbound('first answer'), soon());
  await it.restart();
  // The first answer after a start begins a new session, of which the phone does not hear.
  whatsapp.failNext('never answer');
  const patience = new AbortController();
  const sending = it.adapter.send(outbound('second answer'), patience.signal).catch(() => {});
  await whatsapp.until(() => whatsapp.arrivals.size === 2, 'the answer that gets lost');
  patience.abort();
  await sending;
  whatsapp.say(alice, 'two');
  await it.host.until(() => it.host.messages.length === 2, 'the second message');
  await it.adapter.send(outbound('third answer'), soon());
  await whatsapp.until(() => whatsapp.seen.some(({ text }) => text === 'third answer'), 'the answer');
  expect(whatsapp.unread).toEqual([]);
});
