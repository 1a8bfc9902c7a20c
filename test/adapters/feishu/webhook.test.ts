import { describe, expect, it } from 'vitest';
import { feishu } from '../../../adapters/feishu/index.ts';
import * as sender from '../../platforms/feishu-webhook.ts';
import { openBench, WEBHOOK, WEBHOOK_URL } from './harness.ts';

const seconds = () => Math.floor(Date.now() / 1000);

async function openWebhook() {
  const bench = await openBench('webhook');
  await bench.start();
  let count = 0;
  return Object.assign(bench, {
    /** An event that nobody has taken yet, as Feishu would send it. */
    event(
      more: object = {},
      timestamp: number | string = seconds(),
      secrets: sender.WebhookSecrets = WEBHOOK,
    ) {
      count += 1;
      const message = bench.fake.world.add(bench.fake.world.alice, { content: `{"text":"m${count}"}` });
      const header = {
        event_id: `event-${count}`,
        event_type: 'im.message.receive_v1',
        app_id: bench.fake.appId,
        tenant_key: 'tenant-1',
        ...more,
      };
      const event = { schema: '2.0', header, event: bench.fake.world.received(message) };
      return sender.webhookEvent(secrets, event, timestamp);
    },
    async post(
      call: { body: string | ReadableStream; headers: Record<string, string> | [string, string][] },
      init: object = {},
    ) {
      const request = new Request(WEBHOOK_URL, { method: 'POST', ...call, ...init });
      const response = await bench.host.served?.fetch(request, { id: '' });
      return response ?? expect.fail();
    },
  });
}

describe('events over HTTP', () => {
  it('are acknowledged once they are on disk', async () => {
    await using bench = await openWebhook();
    const letGo = bench.host.hold();
    let answered = false;
    const answer = bench.post(bench.event()).finally(() => {
      answered = true;
    });
    await bench.host.until(() => bench.host.offers === 1, 'the offer');
    expect(answered).toBe(false);
    letGo();
    expect((await answer).status).toBe(200);
    expect(bench.host.messages).toMatchObject([{ text: 'm1', chat: { id: 'oc_alice' } }]);
    expect(bench.host.served?.audience).toBe('public');
    expect(bench.fake.connections).toBe(0);
  });

  it('are kept without their token when they cannot be read', async () => {
    await using bench = await openWebhook();
    const message = bench.fake.world.add(bench.fake.world.alice, { content: 'no JSON' });
    const header = {
      event_id: 'e',
      event_type: 'im.message.receive_v1',
      app_id: bench.fake.appId,
      tenant_key: 't',
    };
    const event = { schema: '2.0', header, event: bench.fake.world.received(message) };
    expect((await bench.post(sender.webhookEvent(WEBHOOK, event))).status).toBe(200);
    expect(bench.host.unreadable).toMatchObject([{ payload: expect.stringContaining('no JSON') }]);
    expect(JSON.stringify(bench.host.unreadable)).not.toContain(WEBHOOK.verificationToken);
  });

  it('are refused when they cannot be stored, and taken when they come again', async () => {
    await using bench = await openWebhook();
    const call = bench.event();
    bench.host.rejectNext();
    expect((await bench.post(call)).status).toBe(500);
    expect((await bench.post(call)).status).toBe(200);
    expect(bench.host.messages).toHaveLength(1);
  });

  it('prove the address: the challenge is answered after the token was checked', async () => {
    await using bench = await openWebhook();
    const response = await bench.post(sender.webhookChallenge(WEBHOOK, 'prove-it'));
    expect([response.status, await response.json()]).toEqual([200, { challenge: 'prove-it' }]);
    const other = { ...WEBHOOK, verificationToken: 'another-token-of-the-tests' };
    const refused = await bench.post(sender.webhookChallenge(other, 'prove-it'));
    expect([refused.status, await refused.text()]).toEqual([401, '{}']);
    const plain = { type: 'url_verification', token: WEBHOOK.verificationToken, challenge: 'prove-it' };
    const headers = { 'content-type': 'application/json' };
    expect((await bench.post({ body: JSON.stringify(plain), headers })).status).toBe(401);
  });
});

describe('security: the config', () => {
  const options = { app_id: 'cli_0123456789abcdef', app_secret: 'x', mode: 'webhook' };

  it.each([
    ['no secrets', {}],
    ['no key', { verification_token: WEBHOOK.verificationToken }],
    ['no token', { encrypt_key: WEBHOOK.encryptKey }],
    ['an empty key', { encrypt_key: '', verification_token: WEBHOOK.verificationToken }],
    ['a short key', { encrypt_key: 'short', verification_token: WEBHOOK.verificationToken }],
    ['an empty token', { encrypt_key: WEBHOOK.encryptKey, verification_token: '' }],
  ])('webhook mode does not start with %s', (_, secrets) => {
    expect(feishu.options.safeParse({ ...options, ...secrets }).success).toBe(false);
  });
});

describe('security: what is forged', () => {
  const flipped = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);

  it.each([
    ['a wrong key', { ...WEBHOOK, encryptKey: 'another-key-of-the-tests' }],
    ['a wrong token', { ...WEBHOOK, verificationToken: 'another-token-of-the-tests' }],
    ['an empty token', { ...WEBHOOK, verificationToken: '' }],
    ['an empty key', { ...WEBHOOK, encryptKey: '' }],
  ])('%s', async (_, secrets) => {
    await using bench = await openWebhook();
    expect((await bench.post(bench.event({}, seconds(), secrets))).status).toBe(401);
    expect(bench.host.offers).toBe(0);
  });

  it('the body, by one byte after it was signed', async () => {
    await using bench = await openWebhook();
    const { body, headers } = bench.event();
    for (const at of [0, 20, body.length - 3, body.length - 1]) {
      const changed = `${body.slice(0, at)}${body[at] === 'A' ? 'B' : 'A'}${body.slice(at + 1)}`;
      expect((await bench.post({ body: changed, headers })).status).toBe(401);
    }
    expect((await bench.post({ body: `${body} `, headers })).status).toBe(401);
    expect(bench.host.offers).toBe(0);
  });

  it.each([
    ['301 s old', () => seconds() - 301],
    ['302 s ahead', () => seconds() + 302],
    ['no number', () => 'soon'],
    ['empty', () => ''],
    ['a huge number', () => '1'.repeat(30)],
    ['in milliseconds', () => Date.now()],
    ['negative', () => -seconds()],
  ])('the time: %s', async (_, timestamp) => {
    await using bench = await openWebhook();
    expect((await bench.post(bench.event({}, timestamp()))).status).toBe(401);
    expect(bench.host.offers).toBe(0);
  });

  it.each([
    ['x-lark-request-timestamp', undefined],
    ['x-lark-request-nonce', undefined],
    ['x-lark-signature', undefined],
    ['x-lark-signature', ''],
    ['x-lark-signature', 'abcd'],
    ['x-lark-signature', 'ä'],
    ['x-lark-signature', `${'0'.repeat(64)}`],
    ['x-lark-signature', `${'0'.repeat(100_000)}`],
  ])('the header %s: %.10s', async (name, value) => {
    await using bench = await openWebhook();
    const { body, headers } = bench.event();
    const { [name]: _, ...others } = headers;
    const changed = value === undefined ? others : { ...others, [name]: value };
    expect((await bench.post({ body, headers: changed })).status).toBe(401);
    expect(bench.host.offers).toBe(0);
  });

  it('the signature, by one bit; ten thousand times', async () => {
    await using bench = await openWebhook();
    const { body, headers } = bench.event();
    const bad = { ...headers, 'x-lark-signature': flipped(headers['x-lark-signature'] ?? '') };
    for (let n = 0; n < 10_000; n++) {
      const response = await bench.host.served?.fetch(
        new Request(WEBHOOK_URL, { method: 'POST', body, headers: bad }),
        { id: '' },
      );
      if (response?.status !== 401) expect.fail(`answered ${response?.status}`);
    }
    expect(bench.host.offers).toBe(0);
    expect((await bench.post({ body, headers })).status).toBe(200);
  });

  it('not at all, but in clear while there is a key', async () => {
    await using bench = await openWebhook();
    const header = {
      event_id: 'e',
      event_type: 'im.message.receive_v1',
      app_id: bench.fake.appId,
      token: WEBHOOK.verificationToken,
    };
    const message = bench.fake.world.add(bench.fake.world.alice, { content: '{"text":"Hi"}' });
    const body = JSON.stringify({ schema: '2.0', header, event: bench.fake.world.received(message) });
    expect((await bench.post({ body, headers: sender.signed(body, WEBHOOK.encryptKey) })).status).toBe(401);
    expect(bench.host.offers).toBe(0);
  });

  it('not at all, but of another app', async () => {
    await using bench = await openWebhook();
    expect((await bench.post(bench.event({ app_id: 'cli_fedcba9876543210' }))).status).toBe(403);
    expect(bench.host.offers).toBe(0);
  });

  it('not at all, but of another tenant', async () => {
    await using bench = await openWebhook();
    expect((await bench.post(bench.event())).status).toBe(200);
    for (const tenant_key of ['tenant-2', '', undefined]) {
      const { status } = await bench.post(bench.event({ tenant_key }));
      expect([401, 403]).toContain(status);
    }
    expect((await bench.post(bench.event())).status).toBe(200);
    expect(bench.host.offers).toBe(2);
  });

  it('the press of a button, in every one of these ways', async () => {
    await using bench = await openWebhook();
    await bench.send(bench.outbound('Pay?', { choices: ['Yes'] }));
    const { envelope } = bench.fake.press(bench.fake.world.alice, 'Yes');
    const press = (more: object = {}, secrets: sender.WebhookSecrets = WEBHOOK, timestamp = seconds()) =>
      sender.webhookEvent(secrets, { ...envelope, header: { ...envelope.header, ...more } }, timestamp);
    const { body, headers } = press();
    const { 'x-lark-signature': signature = '', ...unsigned } = headers;
    const forged = [
      press({}, { ...WEBHOOK, encryptKey: 'another-key-of-the-tests' }),
      press({}, { ...WEBHOOK, verificationToken: 'another-token-of-the-tests' }),
      press({ app_id: 'cli_fedcba9876543210' }),
      press({}, WEBHOOK, seconds() - 301),
      { body, headers: unsigned },
      { body, headers: { ...unsigned, 'x-lark-signature': flipped(signature) } },
      { body: `${body} `, headers },
      {
        body: JSON.stringify(envelope),
        headers: sender.signed(JSON.stringify(envelope), WEBHOOK.encryptKey),
      },
    ];
    for (const call of forged) expect([401, 403]).toContain((await bench.post(call)).status);
    expect(bench.host.offers).toBe(0);
    expect(await (await bench.post({ body, headers })).json()).toMatchObject({ toast: {} });
    expect(await (await bench.post({ body, headers })).json()).toEqual({});
    expect(bench.host.messages).toHaveLength(1);
    const other = press({ tenant_key: 'tenant-2' });
    expect((await bench.post(other)).status).toBe(403);
  });

  it('well encrypted, but not signed', async () => {
    await using bench = await openWebhook();
    const { body } = bench.event();
    const headers = { 'content-type': 'application/json' };
    expect((await bench.post({ body, headers })).status).toBe(401);
  });
});

describe('security: what is odd', () => {
  it('an exact replay is answered, and processed once', async () => {
    await using bench = await openWebhook();
    const call = bench.event();
    for (let n = 0; n < 3; n++) expect((await bench.post(call)).status).toBe(200);
    expect(bench.host.offers).toBe(1);
  });

  it('headers twice', async () => {
    await using bench = await openWebhook();
    const { body, headers } = bench.event();
    for (const name of ['x-lark-request-timestamp', 'x-lark-signature', 'x-lark-request-nonce']) {
      const twice: [string, string][] = [...Object.entries(headers), [name, headers[name] ?? '']];
      expect((await bench.post({ body, headers: twice })).status).toBe(401);
    }
  });

  it('headers in mixed case are the same headers', async () => {
    await using bench = await openWebhook();
    const { body, headers } = bench.event();
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect((await bench.post({ body, headers: upper })).status).toBe(200);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'the content type "%s"',
    async (type) => {
      await using bench = await openWebhook();
      const { body, headers } = bench.event();
      expect((await bench.post({ body, headers: { ...headers, 'content-type': type } })).status).toBe(415);
    },
  );

  it('a compressed body', async () => {
    await using bench = await openWebhook();
    const { body, headers } = bench.event();
    expect((await bench.post({ body, headers: { ...headers, 'content-encoding': 'gzip' } })).status).toBe(
      415,
    );
  });

  it('a body of one byte too many, also without a length', async () => {
    await using bench = await openWebhook();
    const body = `{"encrypt":"${'A'.repeat(1_000_001 - 14)}"}`;
    expect(Buffer.byteLength(body)).toBe(1_000_001);
    const headers = sender.signed(body, WEBHOOK.encryptKey);
    expect((await bench.post({ body, headers })).status).toBe(413);
    const stream = new Blob([body]).stream();
    expect((await bench.post({ body: stream, headers }, { duplex: 'half' })).status).toBe(413);
  });

  it.each(['', 'no json', '[]', 'null', '{"encrypt":5}', '{"encrypt":""}', '{"encrypt":"AAAA"}'])(
    'the signed body %s',
    async (body) => {
      await using bench = await openWebhook();
      expect((await bench.post({ body, headers: sender.signed(body, WEBHOOK.encryptKey) })).status).toBe(401);
    },
  );

  it.each([5, [], 'text', { type: 'url_verification' }, { __proto__: null, header: null }])(
    'the signed and encrypted content %j',
    async (content) => {
      await using bench = await openWebhook();
      const body = JSON.stringify({ encrypt: sender.encrypted(content, WEBHOOK.encryptKey) });
      expect((await bench.post({ body, headers: sender.signed(body, WEBHOOK.encryptKey) })).status).toBe(401);
    },
  );

  it('other methods and paths', async () => {
    await using bench = await openWebhook();
    const fetch = async (url: string, init?: RequestInit) =>
      (await bench.host.served?.fetch(new Request(url, init), { id: '' }))?.status;
    expect(await fetch(WEBHOOK_URL)).toBe(405);
    expect(await fetch('http://gateway.example/channels/test/', { method: 'POST' })).toBe(404);
  });
});
