import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { telegram } from '../../../adapters/telegram/index.ts';
import { direct, PRESS, update } from './payloads.ts';
import { refusal } from './refusal.ts';
import { failure, outbound, PATIENT, type Setup, setUp, WEBHOOK } from './setup.ts';

const ADDRESS = 'https://gateway.example/channels/test/webhook';
const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

async function connected(): Promise<Setup> {
  const it = await setUp(WEBHOOK);
  await it.adapter.start(it.host);
  return it;
}

/** A call by whom we do not know. */
async function call(
  { host }: Setup,
  {
    body = JSON.stringify(update({ message: direct({ text: 'hi' }) })),
    headers = {},
    url = ADDRESS,
    ...init
  }: Omit<RequestInit, 'headers'> & {
    url?: string;
    headers?: Record<string, string> | [string, string][];
  } = {},
): Promise<number | undefined> {
  const all = Array.isArray(headers)
    ? headers
    : { 'content-type': 'application/json', [SECRET_HEADER]: WEBHOOK.secret_token, ...headers };
  const request = new Request(url, { method: 'POST', ...(body !== null && { body }), headers: all, ...init });
  return (await host.served?.fetch(request, { id: '' }))?.status;
}

describe('by webhook', () => {
  test('what people say arrives, and is answered for once it is on disk', async () => {
    await using it = await connected();
    expect(it.platform.webhook).toBe(ADDRESS);
    expect(it.host.served?.audience).toBe('public');
    const letGo = it.host.hold();
    it.platform.say({ text: 'one' });
    it.platform.say({ text: 'two' });
    await it.host.until(() => it.host.offers === 1, 'the first offer');
    await it.adapter.send(outbound('meanwhile'), PATIENT);
    expect(it.platform.webhookAnswers).toEqual([]);
    letGo();
    await it.platform.until(() => it.platform.confirmed === 2, 'both to be confirmed');
    expect(it.host.messages.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(it.platform.webhookAnswers).toEqual([200, 200]);
    expect(it.platform.requests.get('getUpdates')).toBeUndefined();
  });

  test('what cannot be stored is not taken, and comes again', async () => {
    await using it = await connected();
    it.host.rejectNext(2);
    it.platform.say({ text: 'keep me' });
    await it.platform.until(() => it.platform.confirmed === 1, 'it to be confirmed');
    expect(it.platform.webhookAnswers).toEqual([503, 503, 200]);
    expect(it.host.messages.map(({ text }) => text)).toEqual(['keep me']);
  });

  test('what comes twice is taken once', async () => {
    await using it = await connected();
    it.platform.callTwice = true;
    it.platform.say({ text: 'once' });
    await it.platform.until(() => it.platform.confirmed === 1, 'it to be confirmed');
    expect(it.platform.webhookAnswers).toEqual([200, 200]);
    expect(it.host.messages).toHaveLength(1);
  });

  test('changes come, too, and nothing that nobody reads', async () => {
    await using it = await connected();
    const id = it.platform.say({ text: 'helo' });
    it.platform.edit(42, id, 'hello');
    it.platform.react(42, id, ['👍']);
    it.platform.update({ my_chat_member: {} });
    await it.platform.until(() => it.platform.confirmed === 3, 'all to be confirmed');
    expect(it.host.messages.map(({ change }) => change?.kind)).toEqual([undefined, 'edit', 'reaction']);
    expect(it.platform.waiting).toBe(0);
  });

  test('what cannot be read is kept, and blocks nothing', async () => {
    await using it = await connected();
    const id = it.platform.update({ message: { message_id: 'not a number', text: 'odd' } });
    it.platform.say({ text: 'even' });
    await it.platform.until(() => it.platform.confirmed === 2, 'both to be confirmed');
    expect(it.host.unreadable).toMatchObject([
      { dedupeKey: `${id}`, payload: expect.stringContaining('"odd"') },
    ]);
    expect(it.host.messages.map(({ text }) => text)).toEqual(['even']);
  });

  test('what is said while the gateway is away waits for it', async () => {
    await using it = await connected();
    await it.adapter.stop();
    expect(it.platform.webhook, 'it stays, so that Telegram keeps what it has').toBe(ADDRESS);
    it.platform.say({ text: 'are you there?' });
    await it.platform.until(() => it.platform.webhookAnswers.length >= 2, 'two calls in vain');
    expect(new Set(it.platform.webhookAnswers)).toEqual(new Set([503]));
    await it.adapter.start(it.host);
    await it.host.until(() => it.host.messages.length === 1, 'the message');
  });

  test('polling goes on where the webhook was', async () => {
    await using it = await connected();
    it.platform.say({ text: 'by webhook' });
    await it.platform.until(() => it.platform.confirmed === 1, 'it to be confirmed');
    await it.adapter.stop();
    it.platform.say({ text: 'by polling' });
    const options = { token: it.platform.token, api_root: it.platform.url };
    const polling = await telegram.create(telegram.options.parse(options));
    await polling.start(it.host);
    await it.platform.until(() => it.platform.confirmed === 2, 'it to be confirmed');
    await polling.stop();
    expect(it.platform.webhook).toBe('');
    expect(it.host.messages.map(({ text }) => text)).toEqual(['by webhook', 'by polling']);
  });

  test.each([
    [
      'an address that Telegram cannot reach',
      refusal(400, 'Bad Request: bad webhook: Failed to resolve host: Name or service not known'),
      { kind: 'rejected', hint: expect.stringContaining('webhook_url') },
    ],
    ['Telegram is down', refusal(502, 'Bad Gateway'), { kind: 'unavailable' }],
    ['a refused token', refusal(401, 'Unauthorized'), { kind: 'auth' }],
    ['a lost answer', { kind: 'drop' }, { kind: 'network' }],
  ] as const)('a start fails: %s', async (_, fault, expected) => {
    await using it = await setUp(WEBHOOK);
    it.platform.fail('setWebhook', fault);
    const error = await failure(it.adapter.start(it.host));
    expect(error).toMatchObject(expected);
    const told = inspect(error, { depth: 20, showHidden: true });
    for (const secret of [it.platform.token, WEBHOOK.secret_token]) expect(told).not.toContain(secret);
    await it.adapter.stop();
    await it.adapter.start(it.host);
    it.platform.say({ text: 'hi' });
    await it.host.until(() => it.host.messages.length === 1, 'a message after the trouble');
  });
});

describe('security: the config', () => {
  const { mode, webhook_url, secret_token } = WEBHOOK;
  const good = { token: '123:test', mode, webhook_url, secret_token };

  test('says all that a webhook needs', () => {
    expect(telegram.options.parse({ ...good, webhook_url: 'https://gateway.example/claw/' })).toEqual({
      ...good,
      webhook_url: 'https://gateway.example/claw',
      api_root: 'https://api.telegram.org',
    });
  });

  test.each([
    ['no secret', { secret_token: undefined }],
    ['an empty secret', { secret_token: '' }],
    ['a short secret', { secret_token: 'a'.repeat(15) }],
    ['a secret that is too long', { secret_token: 'a'.repeat(257) }],
    ['a secret of other characters', { secret_token: 'a secret with spaces' }],
    ['a secret with a line break', { secret_token: `${secret_token}\n` }],
    ['no address', { webhook_url: undefined }],
    ['an address without TLS', { webhook_url: 'http://gateway.example' }],
    ['an address with more to it', { webhook_url: 'https://gateway.example/?a=b' }],
    ['an address with a password', { webhook_url: 'https://me:pass@gateway.example' }],
    ['options of polling', { poll_timeout_seconds: 5 }],
    ['a mode that there is not', { mode: 'both' }],
  ])('webhook mode does not start with %s', (_, wrong) => {
    expect(telegram.options.safeParse({ ...good, ...wrong }).success).toBe(false);
  });

  test('polling does not start with options of a webhook', () => {
    expect(telegram.options.safeParse({ token: '123:test', secret_token }).success).toBe(false);
  });
});

describe('security: who calls', () => {
  const { secret_token: secret } = WEBHOOK;

  test('Telegram', async () => {
    await using it = await connected();
    expect(await call(it)).toBe(200);
    expect(await call(it, { headers: { [SECRET_HEADER.toUpperCase()]: secret } })).toBe(401);
    const upper: [string, string][] = [
      ['CONTENT-TYPE', 'Application/JSON; charset=utf-8'],
      [SECRET_HEADER.toUpperCase(), secret],
    ];
    expect(await call(it, { headers: upper })).toBe(200);
    expect(it.host.messages).toHaveLength(2);
  });

  test.each([
    ['an empty secret', ''],
    ['a part of the secret', secret.slice(0, -1)],
    ['more than the secret', `${secret}a`],
    ['the secret in other letters', secret.toUpperCase()],
    ['another secret', secret.replace('s', 't')],
    ['a very long one', 'a'.repeat(100_000)],
    ['letters that are not of ASCII', 'ä'.repeat(16)],
  ])('nobody with %s', async (_, wrong) => {
    await using it = await connected();
    expect(await call(it, { headers: { [SECRET_HEADER]: wrong } })).toBe(401);
    expect(it.host.offers).toBe(0);
  });

  test('nobody without the header, or with two of it, or with the secret elsewhere', async () => {
    await using it = await connected();
    const json: [string, string] = ['content-type', 'application/json'];
    expect(await call(it, { headers: [json] })).toBe(401);
    expect(await call(it, { headers: [json, [SECRET_HEADER, secret], [SECRET_HEADER, secret]] })).toBe(401);
    expect(await call(it, { headers: [json], url: `${ADDRESS}?secret_token=${secret}` })).toBe(401);
    expect(await call(it, { headers: [json, ['authorization', `Bearer ${secret}`]] })).toBe(401);
    expect(it.host.offers).toBe(0);
  });

  test('ten thousand times with a wrong secret, and then with the right one', async () => {
    await using it = await connected();
    for (let n = 0; n < 10_000; n++) {
      const status = await call(it, { body: '{}', headers: { [SECRET_HEADER]: `${secret}${n}` } });
      if (status !== 401) expect.fail(`answered ${status}`);
    }
    expect(it.host.offers).toBe(0);
    expect(await call(it)).toBe(200);
  });

  test('a body is not read before its sender is known', async () => {
    await using it = await connected();
    let pulled = 0;
    const endless = new ReadableStream(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(1000));
        },
      },
      { highWaterMark: 0 },
    );
    const options = { body: endless, duplex: 'half', headers: { [SECRET_HEADER]: 'wrong' } } as const;
    expect(await call(it, options)).toBe(401);
    expect(pulled).toBe(0);
    expect(await call(it, { ...options, headers: {} })).toBe(413);
  });
});

describe('security: what is odd', () => {
  test('an exact replay is answered, and processed once', async () => {
    await using it = await connected();
    const body = JSON.stringify(update({ message: direct({ text: 'once' }) }));
    for (let n = 0; n < 3; n++) expect(await call(it, { body })).toBe(200);
    expect(it.host.messages).toHaveLength(1);
  });

  test('an exact replay of a press chooses once', async () => {
    await using it = await connected();
    const body = JSON.stringify(update({ callback_query: PRESS }));
    for (let n = 0; n < 3; n++) expect(await call(it, { body })).toBe(200);
    expect(it.host.messages).toMatchObject([{ text: 'Coffee' }]);
  });

  test('a press of a button that was not offered chooses nothing', async () => {
    await using it = await connected();
    for (const data of ['2', 'Coffee', '', '__proto__', undefined])
      expect(await call(it, { body: JSON.stringify(update({ callback_query: { ...PRESS, data } })) })).toBe(
        200,
      );
    expect(it.host.messages).toEqual([]);
    expect(it.host.unreadable).toEqual([]);
  });

  test('two content types, or two encodings', async () => {
    await using it = await connected();
    const secret: [string, string] = [SECRET_HEADER, WEBHOOK.secret_token];
    const json: [string, string] = ['content-type', 'application/json'];
    expect(await call(it, { headers: [secret, json, json] })).toBe(415);
    expect(
      await call(it, {
        headers: [secret, json, ['content-encoding', 'identity'], ['content-encoding', 'br']],
      }),
    ).toBe(415);
    expect(it.host.offers).toBe(0);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'the content type "%s"',
    async (type) => {
      await using it = await connected();
      expect(await call(it, { headers: { 'content-type': type } })).toBe(415);
      expect(it.host.offers).toBe(0);
    },
  );

  test('a compressed body', async () => {
    await using it = await connected();
    expect(await call(it, { headers: { 'content-encoding': 'gzip' } })).toBe(415);
    expect(it.host.offers).toBe(0);
  });

  test('a body of one byte too many, also without a length', async () => {
    await using it = await connected();
    const empty = JSON.stringify({ ...update({}), padding: '' });
    const body = empty.replace('""', `"${'a'.repeat(1_000_001 - empty.length)}"`);
    expect(Buffer.byteLength(body)).toBe(1_000_001);
    expect(await call(it, { body })).toBe(413);
    expect(await call(it, { body: new Blob([body]).stream(), duplex: 'half' })).toBe(413);
    expect(await call(it, { body: body.replace('aa', 'a') })).toBe(200);
  });

  test.each(['', 'no json', 'null', '[]', '"text"', '{}', '{"update_id":"7"}', '{"update_id":1.5}'])(
    'the body %s',
    async (body) => {
      await using it = await connected();
      expect(await call(it, { body })).toBe(400);
      expect(it.host.offers).toBe(0);
    },
  );

  test('keys that would change what every object has', async () => {
    await using it = await connected();
    const body =
      '{"update_id":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    expect(await call(it, { body })).toBe(200);
    expect(it.host.messages).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });

  test('other methods and paths', async () => {
    await using it = await connected();
    for (const method of ['GET', 'HEAD']) expect(await call(it, { method, body: null })).toBe(405);
    for (const method of ['PUT', 'DELETE', 'OPTIONS']) expect(await call(it, { method })).toBe(405);
    for (const path of ['', 'webhook/', 'webhook/x', 'other'])
      expect(await call(it, { url: ADDRESS.replace('webhook', path) })).toBe(404);
    expect(await call(it, { url: ADDRESS.replace('test', 'other') })).toBe(404);
    expect(it.host.offers).toBe(0);
  });
});
