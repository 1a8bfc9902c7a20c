import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { chatId, platformMessageId, type TurnId } from '../../../src/contract/index.ts';
import type { Fault } from '../../platforms/fake-http.ts';
import { refusal } from './refusal.ts';
import { BEFORE_THE_SERVER_DOES, failure, outbound, PATIENT, type Setup, setUp } from './setup.ts';

async function connected(options: object = {}): Promise<Setup> {
  const it = await setUp(options);
  it.platform.chat(42);
  await it.adapter.start(it.host);
  return it;
}

test('a message with markup, and its receipt', async () => {
  await using it = await connected();
  const [body] = it.adapter.render('**Hello** [you](https://a.example)');
  const receipt = await it.adapter.send(outbound('', { body: body ?? { text: '' } }), PATIENT);
  expect(it.platform.sent).toMatchObject([
    {
      chat: 42,
      id: Number(receipt.platformId),
      text: 'Hello you',
      entities: [{ type: 'bold' }, { type: 'text_link', url: 'https://a.example' }],
    },
  ]);
});

test('an answer to a message, also when that is gone', async () => {
  await using it = await connected();
  const asked = it.platform.say({ text: 'why?' });
  await it.adapter.send(outbound('so', { replyTo: platformMessageId(`${asked}`) }), PATIENT);
  await it.adapter.send(outbound('so', { replyTo: platformMessageId('99') }), PATIENT);
  expect(it.platform.sent.map(({ replyTo }) => replyTo)).toEqual([asked, undefined]);
});

test('into a topic of a forum', async () => {
  await using it = await connected();
  it.platform.say({ chat: -1009, topic: 77, text: 'hi' });
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  const chat = it.host.messages[0]?.chat ?? expect.fail('no message');
  await it.adapter.send(outbound('hello', { chat }), PATIENT);
  expect(it.platform.sent).toMatchObject([{ chat: -1009, topic: 77 }]);
});

test('what may be a repetition says so, in either form', async () => {
  await using it = await connected();
  it.platform.fail(
    'sendMessage',
    refusal(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 1"),
    1,
    (body) => JSON.stringify(body).includes('broken'),
  );
  await it.adapter.send(outbound('hello', { possiblyRepeated: true }), PATIENT);
  await it.adapter.send(outbound('broken', { possiblyRepeated: true }), PATIENT);
  expect(it.platform.sent.map(({ text }) => text)).toEqual([
    '↻ sent again after an interruption\n\nhello',
    '↻ sent again after an interruption\n\nbroken',
  ]);
});

describe('a refusal that can be met at once', () => {
  test('markup that Telegram does not understand: it gets the plain form', async () => {
    await using it = await connected();
    const body = { text: '<h1>1 &lt; 2</h1>', plain: '1 < 2' };
    await it.adapter.send(outbound('', { body }), PATIENT);
    expect(it.platform.sent).toMatchObject([{ text: '1 < 2', entities: [] }]);
    expect(it.platform.requests.get('sendMessage')).toBe(2);
  });

  test('a group that became a supergroup: the message goes there', async () => {
    await using it = await connected();
    it.platform.chat(-5, 'group').migratedTo = -1005;
    it.platform.chat(-1005);
    await it.adapter.send(outbound('hi', { chat: { id: chatId('-5'), kind: 'group' } }), PATIENT);
    expect(it.platform.sent).toMatchObject([{ chat: -1005, text: 'hi' }]);
  });

  test('a group that moved in a circle is not followed around it', async () => {
    await using it = await connected();
    it.platform.chat(-5, 'group').migratedTo = -1005;
    it.platform.chat(-1005).migratedTo = -5;
    const error = await failure(
      it.adapter.send(outbound('hi', { chat: { id: chatId('-5'), kind: 'group' } }), PATIENT),
    );
    expect(error.kind).toBe('rejected');
    expect(it.platform.requests.get('sendMessage')).toBe(2);
  });
});

describe('a send fails', () => {
  const cases: [string, Fault, object, number][] = [
    [
      'blocked by the person',
      refusal(403, 'Forbidden: bot was blocked by the user'),
      { kind: 'rejected', certain: true },
      0,
    ],
    ['no such chat', refusal(400, 'Bad Request: chat not found'), { kind: 'rejected', certain: true }, 0],
    ['token revoked', refusal(401, 'Unauthorized'), { kind: 'auth', certain: true }, 0],
    ['malformed token', refusal(404, 'Not Found'), { kind: 'auth', certain: true }, 0],
    [
      'too fast',
      refusal(429, 'Too Many Requests: retry after 9', { retry_after: 9 }),
      { kind: 'rate_limited', certain: true, retryAfterMs: 9000 },
      0,
    ],
    ['Telegram is down', refusal(500, 'Internal Server Error'), { kind: 'unavailable', certain: false }, 0],
    [
      'trouble after it was accepted',
      { ...refusal(502, 'Bad Gateway'), when: 'after' },
      { kind: 'unavailable', certain: false },
      1,
    ],
    [
      'an error page',
      { kind: 'status', status: 502, body: '<html>' },
      { kind: 'unavailable', certain: false },
      0,
    ],
    [
      'an answer of another kind',
      { kind: 'status', status: 200, body: {} },
      { kind: 'unavailable', certain: false },
      0,
    ],
    ['half an answer', { kind: 'malformed', when: 'after' }, { kind: 'unavailable', certain: false }, 1],
    ['cut before', { kind: 'drop' }, { kind: 'network', certain: false }, 0],
    ['cut after', { kind: 'drop', when: 'after' }, { kind: 'network', certain: false }, 1],
  ];
  test.each(cases)('%s', async (_, fault, expected, arrived) => {
    await using it = await connected();
    it.platform.fail('sendMessage', fault);
    expect(await failure(it.adapter.send(outbound('hi'), PATIENT))).toMatchObject(expected);
    expect(it.platform.sent).toHaveLength(arrived);
    expect(it.platform.requests.get('sendMessage'), 'one attempt').toBe(1);
  });

  test('no answer: until the gateway gives up', async () => {
    await using it = await connected();
    it.platform.fail('sendMessage', { kind: 'hang', when: 'after' });
    const giveUp = new AbortController();
    const sending = failure(it.adapter.send(outbound('hi'), giveUp.signal));
    await it.platform.until(() => it.platform.sent.length === 1, 'the message to be accepted');
    giveUp.abort();
    expect(await sending).toMatchObject({ kind: 'network', certain: false });
  });

  test('nobody listens any more: certainly not sent', async () => {
    await using it = await connected();
    await it.platform.stop();
    await it.host.until(() => it.host.states.length > 0, 'the loss to be noticed');
    // On a connection from before, which is dead, nobody can be certain.
    await failure(it.adapter.send(outbound('hi'), PATIENT));
    expect(await failure(it.adapter.send(outbound('hi'), PATIENT))).toMatchObject({
      kind: 'network',
      certain: true,
    });
    await it.platform.listen();
  });

  test('a real refusal of a chat that Telegram does not know', async () => {
    await using it = await connected();
    const error = await failure(
      it.adapter.send(outbound('hi', { chat: { id: chatId('7'), kind: 'direct' } }), PATIENT),
    );
    expect(error).toMatchObject({ kind: 'rejected', message: expect.stringContaining('chat not found') });
  });
});

test('a send under way when the adapter stops is seen through', async () => {
  await using it = await connected();
  const sending = it.adapter.send(outbound('last words'), PATIENT);
  await it.adapter.stop();
  expect(await sending).toEqual({ platformId: '1' });
  await it.platform.until(
    () => it.platform.connections === 0,
    'no connection to be left',
    BEFORE_THE_SERVER_DOES,
  );
});

test('Telegram’s own pace is borne, once it has refused', async () => {
  await using it = await connected();
  it.platform.floodLimits = true;
  for (let count = 1; count <= 5; count++) await it.adapter.send(outbound(`message ${count}`), PATIENT);
  const error = await failure(it.adapter.send(outbound('one too many'), PATIENT));
  expect(error.kind).toBe('rate_limited');
  expect(error.retryAfterMs).toBeGreaterThan(0);
});

test('typing is shown, and is silent about its failures', async () => {
  await using it = await connected();
  const work = new AbortController();
  it.platform.fail('sendChatAction', refusal(500, 'Internal Server Error'));
  it.adapter.startTyping?.(chatId('42'), '0' as TurnId, work.signal, platformMessageId('1'));
  await it.platform.until(() => it.platform.requests.get('sendChatAction') === 1, 'the first, which fails');
  it.adapter.startTyping?.(chatId('42'), '0' as TurnId, work.signal, platformMessageId('1'));
  await it.platform.until(() => it.platform.typing.length === 1, 'the second');
  work.abort();
  it.adapter.startTyping?.(chatId('42'), '0' as TurnId, work.signal, platformMessageId('1'));
  expect(it.platform.typing).toEqual([{ chat: 42 }]);
});

test('no error tells the token', async () => {
  const faults: Fault[] = [
    { kind: 'drop' },
    { kind: 'malformed' },
    { kind: 'status', status: 502, body: 'Bad Gateway' },
    refusal(400, 'Bad Request: chat not found'),
  ];
  await using it = await connected();
  const errors = [];
  for (const fault of faults) {
    it.platform.fail('sendMessage', fault);
    errors.push(await failure(it.adapter.send(outbound('hi'), PATIENT)));
  }
  it.platform.cut();
  await it.host.until(() => it.host.states.length > 0, 'the lost poll');
  await it.adapter.stop();
  await it.platform.stop();
  errors.push(await failure(it.adapter.start(it.host)));
  await it.platform.listen();
  const told = inspect([errors, it.host.states], { depth: 20, showHidden: true });
  expect(told).toContain('sendMessage');
  expect(told).not.toContain(it.platform.token);
});
