import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelAdapter, ChannelHttp, ChannelId } from '../../../src/contract/index.ts';
import { startServer } from '../../../src/server/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { FakeSlack } from '../../platforms/slack.ts';
import { createHttpSlack, outbound, soon } from './kit.ts';

let fake: FakeSlack;
let adapter: ChannelAdapter;
let host: TestHost;
let server: Awaited<ReturnType<typeof startServer>>;
let address: string;
/** The body of a call. */
let text: string;

/** The adapter behind the gateway's real server. */
beforeEach(async () => {
  fake = await new FakeSlack({ ackTimeoutMs: 100 }).listen();
  host = new TestHost();
  adapter = await createHttpSlack(fake);
  await adapter.start(host);
  const mounts = new Map<ChannelId, ChannelHttp>([[host.channel, host.served as ChannelHttp]]);
  const options = { host: '127.0.0.1', port: 0, token: 'a-token-of-the-gateway', allowedHosts: [] };
  server = await startServer(options, {
    mounts,
    language: 'en',
    log: host.log,
    readiness: () => ({ ready: true, channels: {} }),
    logins: () => [],
    metrics: { contentType: '', text: async () => '' },
  });
  address = `${server.url}channels/${host.channel}/webhook`;
  text = JSON.stringify(fake.callback(HELLO));
});

afterEach(async () => {
  host[Symbol.dispose]();
  await adapter.stop();
  await server.close();
  await fake.stop();
});

const HELLO = {
  type: 'message',
  channel: 'D0ALICE',
  channel_type: 'im',
  user: 'U0ALICE',
  text: 'hi',
  ts: '1700000001.000100',
};

const now = () => Math.floor(Date.now() / 1000);

async function call(body: string, headers: Record<string, string>, method = 'POST'): Promise<number> {
  const response = await fetch(address, { method, headers, ...(method === 'POST' && { body }) });
  await response.body?.cancel();
  return response.status;
}

describe('a call by Slack', () => {
  it('is answered when the message is on disk', async () => {
    fake.events.callAt(address);
    const letGo = host.hold();
    fake.say('hello');
    await host.until(() => host.offers === 1, 'the message');
    expect(fake.events.acked).toBe(0);
    letGo();
    await fake.until(() => fake.events.acked === 1, 'the ack');
    await adapter.send(outbound('hello yourself'), soon());
    expect(fake.seen('D0ALICE')).toMatchObject([{ text: 'hello yourself' }]);
  });

  it('comes again when the message could not be stored', async () => {
    fake.events.callAt(address);
    host.rejectNext();
    fake.say('hello');
    await fake.until(() => fake.events.acked === 1, 'the ack');
    expect(fake.events.attempts).toBe(2);
    expect(host.messages).toHaveLength(1);
  });

  it('can be a question whether we are there', async () => {
    const text = JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 'x' });
    const response = await fetch(address, { method: 'POST', body: text, headers: fake.signed(text) });
    expect(await response.json()).toEqual({ challenge: 'abc' });
  });

  it('can be the word that there are too many', async () => {
    const { team, app } = fake;
    const text = JSON.stringify({
      type: 'app_rate_limited',
      team_id: team,
      api_app_id: app,
      minute_rate_limited: 1,
    });
    expect(await call(text, fake.signed(text))).toBe(200);
  });

  it('can come from a channel that is shared with another company', async () => {
    expect(
      await signedCall({ ...fake.callback(HELLO), team_id: 'T0PARTNER', is_ext_shared_channel: true }),
    ).toBe(200);
    expect(host.messages).toHaveLength(1);
  });

  it('is understood in any case, with parameters', async () => {
    const { 'content-type': _, ...headers } = fake.signed(text);
    const shouted = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);
    const answer = await overWire(text, [
      ...shouted.flat(),
      'CONTENT-TYPE',
      'Application/JSON; charset=utf-8',
    ]);
    expect(answer).toBe(200);
  });
});

describe('what somebody presses', () => {
  beforeEach(async () => {
    await adapter.send(outbound('Tea?', { choices: ['Yes', 'No'] }), soon());
  });

  it('is answered when it is on disk, and then shows', async () => {
    fake.events.callAt(address);
    const letGo = host.hold();
    fake.press('No');
    await host.until(() => host.offers === 1, 'the choice');
    expect(fake.events.pressesAcked).toBe(0);
    letGo();
    await fake.until(() => fake.events.pressesAcked === 1, 'the ack');
    expect(host.messages).toMatchObject([{ text: 'No', addressed: true }]);
    await fake.until(() => fake.seen('D0ALICE')[0]?.text === 'Tea?\n✓ No', 'the end of the buttons');
  });

  it('is processed once, though it comes twice', async () => {
    const text = formOf(fake.pressOf('No'));
    const headers = { ...fake.signed(text), 'content-type': FORM };
    expect([await call(text, headers), await call(text, headers)]).toEqual([200, 200]);
    expect(host.offers).toBe(1);
  });

  it.each<[string, number, () => Promise<number>]>([
    ['with a byte changed after signing', 401, () => pressed({}, (text) => text.replace('No', 'on'))],
    ['of another app', 403, () => pressed({ api_app_id: 'A0OTHER' })],
    ['in another workspace', 403, () => pressed({ team: { id: 'T0OTHER' } })],
    [
      "under another app's message",
      403,
      () => pressed({ message: { ...(fake.pressOf('No').message as object), user: 'U0OTHERBOT' } }),
    ],
    ['in no message', 403, () => pressed({ message: undefined })],
    ['as JSON', 400, () => signedCall(fake.pressOf('No'))],
    ['as an event in a form', 400, () => pressed(fake.callback(HELLO))],
    ['as a form without a payload', 400, () => called('command=%2Fhelp')],
    ['as a form with half a payload', 400, () => called('payload=%7B%22type%22')],
  ])('is refused %s', async (_what, status, attempt) => {
    expect(await attempt()).toBe(status);
    expect(host.offers).toBe(0);
  });

  const FORM = 'application/x-www-form-urlencoded';
  const formOf = (body: unknown) => new URLSearchParams({ payload: JSON.stringify(body) }).toString();

  function called(text: string, change = (signed: string) => signed): Promise<number> {
    return call(change(text), { ...fake.signed(text), 'content-type': FORM });
  }

  function pressed(changes: Record<string, unknown>, change?: (signed: string) => string): Promise<number> {
    return called(formOf({ ...fake.pressOf('No'), ...changes }), change);
  }
});

describe('a command', () => {
  const FORM = 'application/x-www-form-urlencoded';

  function commanded(changes: Record<string, string>, change = (text: string) => text): Promise<number> {
    const text = new URLSearchParams({ ...fake.commandOf('/openclaw status'), ...changes }).toString();
    return call(change(text), { ...fake.signed(text), 'content-type': FORM });
  }

  it('is answered when it is on disk', async () => {
    fake.events.callAt(address);
    const letGo = host.hold();
    fake.command('/openclaw status', { channel: 'C0GENERAL' });
    await host.until(() => host.offers === 1, 'the command');
    expect(fake.events.commandsAcked).toBe(0);
    letGo();
    await fake.until(() => fake.events.commandsAcked === 1, 'the ack');
    expect(host.messages).toMatchObject([{ text: '/status', chat: { id: 'C0GENERAL' } }]);
  });

  it.each<[string, number, () => Promise<number>]>([
    [
      'with a byte changed after signing',
      401,
      () => commanded({}, (text) => text.replace('status', 'statuS')),
    ],
    ['of another app', 403, () => commanded({ api_app_id: 'A0OTHER' })],
    ['in another workspace', 403, () => commanded({ team_id: 'T0OTHER' })],
    ['by nobody', 400, () => commanded({ user_id: '' })],
    ['without a slash', 400, () => commanded({ command: 'openclaw' })],
    [
      'as JSON',
      400,
      () => signedCall({ ...fake.commandOf('/openclaw status'), type: 'slash_command', at: 1 }),
    ],
  ])('is refused %s', async (_what, status, attempt) => {
    expect(await attempt()).toBe(status);
    expect(host.offers).toBe(0);
  });
});

describe('refused:', () => {
  it.each<[string, number, () => Promise<number>]>([
    ['no signature', 401, () => call(text, { 'content-type': 'application/json' })],
    ['an empty signature', 401, () => call(text, { ...fake.signed(text), 'x-slack-signature': '' })],
    ['a short signature', 401, () => signedWith((signature) => signature.slice(0, -1))],
    ['a long signature', 401, () => signedWith((signature) => `${signature}0`)],
    ['a flipped bit', 401, () => signedWith(flipped)],
    ['a signature that is no hexadecimal number', 401, () => signedWith(() => `v0=${'z'.repeat(64)}`)],
    ['the signature twice', 401, () => signedWith((signature) => `${signature}, ${signature}`)],
    ['another version', 401, () => signedWith((signature) => signature.replace('v0=', 'v1='))],
    ['a byte changed after signing', 401, () => call(text.replace('hi', 'ho'), fake.signed(text))],
    ['301 s old', 401, () => call(text, fake.signed(text, now() - 302))],
    ['301 s ahead', 401, () => call(text, fake.signed(text, now() + 302))],
    ['no time', 401, () => timedWith(undefined)],
    ['a time that is no number', 401, () => timedWith('soon')],
    ['a time in milliseconds', 401, () => timedWith(String(Date.now()))],
    ['another time than was signed', 401, () => timedWith(String(now() - 10))],
    ['another content type', 415, () => call(text, { ...fake.signed(text), 'content-type': 'text/plain' })],
    ['no content type', 415, () => wired((headers) => headers.filter(([name]) => name !== 'content-type'))],
    [
      'the time twice',
      401,
      () => wired((headers) => [...headers, ['X-Slack-Request-Timestamp', String(now())]]),
    ],
    [
      'two signatures',
      401,
      () => wired((headers) => [...headers, ['x-slack-signature', `v0=${'0'.repeat(64)}`]]),
    ],
    [
      'chunks, and a length beside them',
      400,
      () => wired((headers) => [...headers, ['content-length', '5'], ['transfer-encoding', 'chunked']]),
    ],
    ['a compressed body', 415, () => call(text, { ...fake.signed(text), 'content-encoding': 'gzip' })],
    ['another method', 405, () => call('', {}, 'GET')],
    ['no JSON', 400, () => call('{"type":', fake.signed('{"type":'))],
    ['another workspace', 403, () => signedCall({ ...fake.callback(HELLO), team_id: 'T0OTHER' })],
    ["another workspace's installation", 403, () => signedCall(forBot('U0ELSEWHERE'))],
    ["nobody's installation", 403, () => signedCall({ ...fake.callback(HELLO), authorizations: [] })],
    ['another app', 403, () => signedCall({ ...fake.callback(HELLO), api_app_id: 'A0OTHER' })],
    ['something else', 403, () => signedCall({ ...fake.callback(HELLO), type: 'view_submission' })],
    ['a list', 403, () => signedCall([fake.callback(HELLO)])],
  ])('%s', async (_what, status, attempt) => {
    expect(await attempt()).toBe(status);
    expect(host.offers).toBe(0);
  });

  it('a body that is too large, with its length told and without', async () => {
    const text = JSON.stringify({ type: 'event_callback', filler: 'x'.repeat(1_000_001) });
    expect(await call(text, fake.signed(text))).toBe(413);
    expect(await chunked(text, fake.signed(text))).toBe(413);
    expect(host.offers).toBe(0);
  });

  it('another path', async () => {
    address = address.replace('webhook', 'webhooks');
    expect(await call(text, fake.signed(text))).toBe(404);
  });

  it('ten thousand forgeries, which do not stand in the way of the truth', async () => {
    const fetch = host.served?.fetch;
    const headers = { ...fake.signed(text), 'x-slack-signature': `v0=${'0'.repeat(64)}` };
    for (let i = 0; i < 10_000; i++) {
      const response = await fetch?.(new Request(address, { method: 'POST', body: text, headers }), {
        id: '',
      });
      if (response?.status !== 401) expect.fail(`status ${response?.status}`);
    }
    expect(await call(text, fake.signed(text))).toBe(200);
  });
});

describe('a call that comes twice', () => {
  it('is processed once', async () => {
    const headers = fake.signed(text);
    expect(await call(text, headers)).toBe(200);
    expect(await call(text, headers)).toBe(200);
    expect(host.offers).toBe(1);
  });

  it('is processed again when it was not stored the first time', async () => {
    const headers = fake.signed(text);
    host.rejectNext();
    expect(await call(text, headers)).toBe(500);
    expect(await call(text, headers)).toBe(200);
    expect(host.messages).toHaveLength(1);
  });
});

it('stops and starts again', async () => {
  await adapter.stop();
  await expect(adapter.send(outbound('x'), soon())).rejects.toMatchObject({ kind: 'network', certain: true });
  await adapter.start(host);
  await adapter.send(outbound('x'), soon());
});

it('starts without a word to Slack but who we are', () => {
  expect([...fake.requests.keys()]).toEqual(['auth.test']);
});

function signedWith(change: (signature: string) => string): Promise<number> {
  const headers = fake.signed(text);
  return call(text, { ...headers, 'x-slack-signature': change(headers['x-slack-signature'] ?? '') });
}

function flipped(signature: string): string {
  const last = Number.parseInt(signature.slice(-1), 16) ^ 1;
  return signature.slice(0, -1) + last.toString(16);
}

function timedWith(time: string | undefined): Promise<number> {
  const { 'x-slack-request-timestamp': _, ...headers } = fake.signed(text);
  return call(text, { ...headers, ...(time !== undefined && { 'x-slack-request-timestamp': time }) });
}

function signedCall(body: unknown): Promise<number> {
  const text = JSON.stringify(body);
  return call(text, fake.signed(text));
}

const forBot = (user: string) => ({ ...fake.callback(HELLO), authorizations: [{ user_id: user }] });

/** A call with headers as no client would send them. */
function wired(change: (headers: [string, string][]) => string[][]): Promise<number> {
  return overWire(text, change(Object.entries(fake.signed(text))).flat());
}

async function overWire(text: string, headers: readonly string[]): Promise<number> {
  const { hostname, port, pathname } = new URL(address);
  const socket = connect(Number(port), hostname);
  const pairs = Array.from(
    { length: headers.length / 2 },
    (_, i) => `${headers[2 * i]}: ${headers[2 * i + 1]}`,
  );
  const chunked = headers.includes('transfer-encoding');
  const length = chunked ? [] : [`content-length: ${Buffer.byteLength(text)}`];
  const body = chunked ? `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n` : text;
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    'connection: close',
    ...length,
    ...pairs,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(answer.toString().split(' ')[1]);
}

function chunked(text: string, headers: Record<string, string>): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const outgoing = request(address, { method: 'POST', headers }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  outgoing.on('error', reject);
  for (let at = 0; at < text.length; at += 100_000) outgoing.write(text.slice(at, at + 100_000));
  outgoing.end();
  return promise;
}
