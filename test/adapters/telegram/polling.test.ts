import { describe, expect, test } from 'vitest';
import { telegram } from '../../../adapters/telegram/index.ts';
import { refusal } from './refusal.ts';
import { BEFORE_THE_SERVER_DOES, failure, setUp } from './setup.ts';

test('what people say arrives, is confirmed, and leaves a cursor', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  it.platform.say({ text: 'one' });
  it.platform.update({ message: { message_id: 9, chat: { id: 42, type: 'private' }, date: 1 } });
  it.platform.say({ text: 'two' });
  await it.platform.until(() => it.platform.confirmed === 3, 'all three to be confirmed');
  expect(it.host.messages.map(({ text }) => text)).toEqual(['one', 'two']);
  const [first] = it.host.messages;
  expect(it.host.cursor()).toBe(`${Number(first?.dedupeKey) + 3}`);
});

test('after a restart it goes on where it was: nothing twice, nothing missing', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  it.platform.say({ text: 'before' });
  await it.host.until(() => it.host.messages.length === 1, 'the first message');
  // Stored, and perhaps not yet confirmed.
  const next = it.host.restarted();
  await it.adapter.stop();
  it.platform.say({ text: 'meanwhile' });
  await it.adapter.start(next);
  await next.until(() => next.messages.length === 2, 'the second message');
  expect(next.messages.map(({ text }) => text)).toEqual(['before', 'meanwhile']);
  expect(next.offers, 'the first one is not offered again').toBe(1);
});

test('what cannot be stored is not confirmed, also not by stopping', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  it.host.rejectNext(1000);
  it.platform.say({ text: 'keep me' });
  await it.host.until(() => it.host.offers === 2, 'a second offer');
  await it.adapter.stop();
  expect(it.platform.confirmed).toBe(0);
  expect(it.platform.waiting).toBe(1);
});

test('what cannot be read is kept, and blocks nothing', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  const id = it.platform.update({ message: { message_id: 'not a number', text: 'odd' } });
  it.platform.say({ text: 'even' });
  await it.host.until(() => it.host.messages.length === 1, 'the readable one');
  expect(it.host.unreadable).toEqual([
    {
      dedupeKey: `${id}`,
      payload: expect.stringContaining('"odd"'),
      error: expect.stringContaining('message_id'),
    },
  ]);
});

test('what people change arrives, too', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  const id = it.platform.say({ text: 'helo' });
  it.platform.edit(42, id, 'hello');
  it.platform.react(42, id, ['👍']);
  it.platform.react(42, id, []);
  await it.platform.until(() => it.platform.confirmed === 4, 'all four to be confirmed');
  expect(it.host.messages.map(({ text, change }) => [text, change?.kind, change?.of])).toEqual([
    ['helo', undefined, undefined],
    ['hello', 'edit', `${id}`],
    ['👍', 'reaction', `${id}`],
    ['👍', 'reaction_removed', `${id}`],
  ]);
});

test('asks for nothing that it does not read, and Telegram keeps none of that', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  await it.platform.until(() => it.platform.requests.get('getUpdates') === 1, 'the first poll');
  it.platform.update({ my_chat_member: {} });
  expect(it.platform.waiting).toBe(0);
});

test('knows its name once it is connected', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  it.platform.say({ chat: -100, text: `@${it.platform.botName} hi` });
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  expect(it.host.messages[0]).toMatchObject({ addressed: true, text: 'hi' });
});

test('a webhook is taken away, and what waits is kept', async () => {
  await using it = await setUp();
  it.platform.webhook = 'https://old.example';
  it.platform.say({ text: 'waiting' });
  await it.adapter.start(it.host);
  await it.host.until(() => it.host.messages.length === 1, 'what waited');
  expect(it.platform.webhook).toBe('');
});

describe('a start fails', () => {
  test.each([
    [
      'the token is refused',
      'refused',
      { kind: 'auth', certain: true, hint: expect.stringContaining('@BotFather') },
    ],
    [
      'the token is malformed',
      'malformed',
      { kind: 'auth', certain: true, hint: expect.stringContaining('@BotFather') },
    ],
  ])('%s', async (_, which, expected) => {
    await using it = await setUp({ token: '123:wrong' });
    // The token is a part of the path.
    if (which === 'malformed') it.platform.fail('getMe', refusal(404, 'Not Found'));
    expect(await failure(it.adapter.start(it.host))).toMatchObject(expected);
  });

  test.each([
    ['Telegram is down', refusal(502, 'Bad Gateway'), { kind: 'unavailable' }],
    ['something else answers', { kind: 'malformed' }, { kind: 'unavailable' }],
    ['the answer is lost', { kind: 'drop' }, { kind: 'network' }],
    [
      'too fast',
      refusal(429, 'Too Many Requests: retry after 3', { retry_after: 3 }),
      { kind: 'rate_limited', retryAfterMs: 3000 },
    ],
  ] as const)('%s', async (_, fault, expected) => {
    await using it = await setUp();
    it.platform.fail('getMe', fault);
    expect(await failure(it.adapter.start(it.host))).toMatchObject(expected);
    await it.adapter.stop();
    await it.adapter.start(it.host);
    it.platform.say({ text: 'hi' });
    await it.host.until(() => it.host.messages.length === 1, 'a message after the trouble');
  });

  test('nobody listens there', async () => {
    await using it = await setUp({ api_root: 'http://127.0.0.1:1' });
    expect(await failure(it.adapter.start(it.host))).toMatchObject({ kind: 'network', certain: true });
  });
});

describe('a poll fails, which is reported once', () => {
  test.each([
    ['Telegram is down', refusal(502, 'Bad Gateway'), { kind: 'unavailable' }],
    ['the connection is cut', { kind: 'drop' }, { kind: 'network' }],
    ['something else answers', { kind: 'malformed' }, { kind: 'unavailable' }],
    [
      'too fast',
      refusal(429, 'Too Many Requests: retry after 5', { retry_after: 5 }),
      { kind: 'rate_limited', retryAfterMs: 5000 },
    ],
    ['the token was revoked', refusal(401, 'Unauthorized'), { kind: 'auth' }],
  ] as const)('%s', async (_, fault, expected) => {
    await using it = await setUp();
    it.platform.fail('getUpdates', fault);
    await it.adapter.start(it.host);
    await it.host.until(() => it.host.states.length > 0, 'the report');
    expect(it.host.states).toEqual([{ state: 'disconnected', error: expect.objectContaining(expected) }]);
    expect(it.platform.requests.get('getUpdates'), 'it is the gateway that tries again').toBe(1);
    await it.adapter.stop();
    await it.adapter.start(it.host);
    it.platform.say({ text: 'hi' });
    await it.host.until(() => it.host.messages.length === 1, 'a message after the trouble');
  });

  test('another program polls with the same token', async () => {
    await using it = await setUp();
    await it.adapter.start(it.host);
    await it.platform.until(() => it.platform.requests.get('getUpdates') === 1, 'the first poll');
    const other = fetch(`${it.platform.url}/bot${it.platform.token}/getUpdates?timeout=30`);
    await it.host.until(() => it.host.states.length > 0, 'the report');
    expect(it.host.states[0]).toMatchObject({
      state: 'disconnected',
      error: { kind: 'unavailable', hint: expect.stringContaining('another program') },
    });
    it.platform.say({ text: 'for the other' });
    await other;
  });
});

test('stops in the middle of a poll that has no news', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  await it.platform.until(() => it.platform.requests.get('getUpdates') === 1, 'the poll');
  await it.adapter.stop();
  expect(it.host.states).toEqual([]);
  await it.platform.until(
    () => it.platform.connections === 0,
    'no connection to be left',
    BEFORE_THE_SERVER_DOES,
  );
});

test('stops while Telegram hangs', async () => {
  await using it = await setUp();
  it.platform.fail('getMe', { kind: 'hang' });
  const started = failure(it.adapter.start(it.host));
  await it.platform.until(() => it.platform.requests.get('getMe') === 1, 'the question');
  await it.adapter.stop();
  expect(await started).toMatchObject({ kind: 'network' });
});

test('the gateway’s signal ends it, too', async () => {
  await using it = await setUp();
  await it.adapter.start(it.host);
  await it.platform.until(() => it.platform.requests.get('getUpdates') === 1, 'the poll');
  it.host.stop();
  await it.adapter.stop();
  expect(it.host.states).toEqual([]);
});

test('options: a token is needed, the root loses its slash, typos are refused', () => {
  const { options } = telegram;
  expect(options.parse({ token: '123:test' })).toEqual({
    token: '123:test',
    api_root: 'https://api.telegram.org',
    mode: 'polling',
    poll_timeout_seconds: 30,
  });
  expect(options.parse({ token: '123:test', api_root: 'http://localhost:8081/' })).toMatchObject({
    api_root: 'http://localhost:8081',
  });
  for (const wrong of [{}, { token: ' ' }, { token: 'x', api_root: 'ftp://x' }, { token: 'x', tokn: 'y' }]) {
    expect(options.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  }
});
