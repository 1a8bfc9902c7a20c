import { expect, it } from 'vitest';
import { countStored } from '../../contract/stored-is-acked.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { bench, world } from './harness.ts';

const { until } = countStored();

it('shows new QR codes for as long as nobody scans one, and is there when somebody does', async () => {
  const its = await world({}, false);
  using host = new TestHost();
  const adapter = its.create();
  const starting = adapter.start(host);
  await until(() => its.asked.length === 1, 'the first code');
  its.whatsapp.end(408);
  await until(() => its.asked.length === 2, 'another code');
  const [first, second] = its.asked;
  expect(second).toEqual({ ...first, qr: expect.any(String), expiresAt: expect.any(Number) });
  expect(second?.qr).not.toBe(first?.qr);
  its.whatsapp.scan(second?.qr ?? '');
  await starting;
  await adapter.stop();
  await its.dispose();
});

it('shows new codes to type, too', async () => {
  const its = await world({ pairing_phone_number: '+15550100' });
  using host = new TestHost();
  const adapter = its.create();
  const starting = adapter.start(host).catch((error: unknown) => error);
  await until(() => its.asked.length === 1, 'the first code');
  its.whatsapp.end(408);
  await until(() => its.asked.length === 2, 'another code');
  expect(its.asked[1]?.code).not.toBe(its.asked[0]?.code);
  await adapter.stop();
  expect(await starting).toMatchObject({ kind: 'network' });
  await its.dispose();
});

it.each([
  [401, 'auth', 'link it again'],
  [403, 'auth', 'open WhatsApp on the phone'],
  [411, 'auth', 'update WhatsApp'],
  [440, 'auth', 'stop the other program'],
  [503, 'network', undefined],
])('says what it takes after an end with code %i', async (code, kind, hint) => {
  await using it = await bench();
  it.whatsapp.end(code);
  await it.host.until(() => it.host.states.length === 1, 'the end');
  const error = { kind, hint: hint && expect.stringContaining(hint) };
  expect(it.host.states).toMatchObject([{ state: 'disconnected', error }]);
});
