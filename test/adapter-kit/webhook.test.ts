import { expect, test, vi } from 'vitest';
import { bare, isSame, isTimely, type Webhook, webhookAt, webhookPath } from '../../src/adapter-kit/index.ts';
import { channelId } from '../../src/contract/index.ts';

const PATH = webhookPath(channelId('test'));
const JSON_HEADERS = { 'content-type': 'application/json', 'x-secret': 'yes' };

/** What a webhook answers; the body of what it took. */
async function call(init: RequestInit & { duplex?: 'half' } = {}, more: Partial<Webhook> = {}, path = PATH) {
  const taken: string[] = [];
  const { audience, fetch } = webhookAt({
    path: PATH,
    mayCall: (headers) => headers.get('x-secret') === 'yes',
    async answer({ type, body }) {
      taken.push(`${type} ${body.toString('utf8')}`);
      return bare(200);
    },
    ...more,
  });
  expect(audience).toBe('public');
  const request = new Request(`http://gateway.example${path}`, {
    method: 'POST',
    headers: JSON_HEADERS,
    body: '{}',
    ...init,
  });
  const { status } = await fetch(request, { id: '' });
  return { status, taken };
}

test('what may be a call of the platform is handed on as it came', async () => {
  const headers = { ...JSON_HEADERS, 'content-type': 'Application/JSON; charset=utf-8' };
  expect(await call({ headers })).toEqual({ status: 200, taken: ['application/json {}'] });
});

test.each<[string, number, Promise<{ status: number }>]>([
  ['another path', 404, call({}, {}, `${PATH}/more`)],
  ['another method', 405, call({ method: 'PUT' })],
  ['headers of somebody else', 401, call({ headers: { 'content-type': 'application/json' } })],
  ['another type', 415, call({ headers: { ...JSON_HEADERS, 'content-type': 'text/plain' } })],
  ['no type', 415, call({ headers: { 'x-secret': 'yes' }, body: Buffer.from('{}') })],
  ['a type that only others take', 415, call({}, { types: ['text/plain'] })],
  ['a compressed body', 415, call({ headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' } })],
  ['a body of a byte too many', 413, call({ body: 'x'.repeat(1_000_001) })],
  [
    'such a body without a length',
    413,
    call({ body: new Blob(['x'.repeat(1_000_001)]).stream(), duplex: 'half' }),
  ],
])('refuses %s', async (_, status, answer) => {
  expect(await answer).toEqual({ status, taken: [] });
});

test('does not read the body of somebody else', async () => {
  const pull = vi.fn();
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });
  expect((await call({ body, duplex: 'half', headers: {} })).status).toBe(401);
  expect(pull).not.toHaveBeenCalled();
});

test('secrets are compared whole', () => {
  expect(isSame('secret', 'secret')).toBe(true);
  for (const other of ['', 'secre', 'secrets', 'Secret']) expect(isSame(other, 'secret')).toBe(false);
});

test('a moment is timely within five minutes', () => {
  const now = Math.floor(Date.now() / 1000);
  for (const at of [now, now - 290, now + 290]) expect(isTimely(String(at))).toBe(true);
  for (const at of [now - 302, now + 302, now * 1000, -now, '', 'soon', '1'.repeat(30)])
    expect(isTimely(String(at))).toBe(false);
});
