import { expect, test } from 'vitest';
import { senderId } from '../../../src/contract/index.ts';
import { bench, soon } from './harness.ts';

test.each([
  ['+15550102', 'iMessage', { phone: '+15550102' }],
  ['Alice@Example.org', 'iMessage', { email: 'alice@example.org' }],
  // Anybody can write whatever number they like on an SMS.
  ['+15550102', 'SMS', {}],
  ['12345', 'iMessage', {}],
])('of %s, who writes by %s, it tells %j', async (address, service, contact) => {
  await using it = await bench();
  await it.adapter.start(it.host);
  it.server.say(address, 'Hello', { handle: { address, service } });
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  expect(await it.adapter.contactOf?.(senderId(address), soon())).toEqual(contact);
});
