import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeOpenAI, openAiFaults } from '../platforms/openai.ts';
import { ask, dataOf, llmAt, turnOf } from './kit.ts';

/** All its spellings differ: as it is, URL-encoded, and in both kinds of base64. */
const KEY = 'sk-test-canary-012~~~???=';

let fake: FakeOpenAI;
beforeEach(async () => {
  fake = await new FakeOpenAI().listen();
});
afterEach(() => fake.stop());

async function failure(keys: Record<string, unknown> = {}) {
  const { error, events } = await ask(await llmAt(fake, { api_key: KEY, ...keys }), turnOf('hi'));
  expect(events.filter(({ type }) => type === 'error' || type === 'done')).toHaveLength(1);
  expect(fake.requests.get('chat') ?? 0).toBeLessThanOrEqual(1); // nothing is retried inside
  return error;
}

describe('a refusal', () => {
  test.each([
    ['a refused key', openAiFaults.wrongKey(KEY), false, /refuses the key/, /check api_key/],
    ['a forbidden project', openAiFaults.forbidden, false, /refuses the key/, /check api_key/],
    ['an unpaid bill', openAiFaults.outOfMoney, false, /paid/, /top up/],
    ['too long a conversation', openAiFaults.contextTooLong, false, /that much/, /lower history_tokens/],
    [
      'a bad request',
      openAiFaults.badRequest('temperature is not supported'),
      false,
      /temperature is not/,
      /set/,
    ],
    ['too many requests', openAiFaults.rateLimited(), true, /too often/, undefined],
    ['trouble of the server', openAiFaults.down(), true, /HTTP 500/, undefined],
    ['an overloaded server', openAiFaults.down(529), true, /HTTP 529/, undefined],
    ['a slow server', openAiFaults.down(408), true, /HTTP 408/, undefined],
  ])('%s', async (_, fault, temporary, message, hint) => {
    fake.fail('chat', fault);
    const error = await failure();
    expect(error?.temporary).toBe(temporary);
    expect(error?.message).toMatch(message);
    if (hint === undefined) expect(error?.hint).toBeUndefined();
    else expect(error?.hint).toMatch(hint);
  });

  test('a model that nobody knows', async () => {
    const error = await failure({ model: 'nonesuch' });
    expect(error).toMatchObject({ temporary: false });
    expect(error?.message).toMatch(/does not know the model nonesuch/);
    expect(error?.hint).toMatch(/base_url/);
  });

  test('a server that demands another key', async () => {
    fake.apiKey = 'sk-test-right';
    expect(await failure()).toMatchObject({ temporary: false, message: expect.stringMatching(/HTTP 401/) });
  });

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '60', 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': '9999999' }, 3_600_000],
    [{ 'retry-after': 'Tue, 01 Jan 2999 00:00:00 GMT' }, 3_600_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('the provider may say when to come back: %o', async (headers, expected) => {
    fake.fail('chat', openAiFaults.rateLimited(headers));
    expect((await failure())?.retryAfterMs).toBe(expected);
  });

  test('words for "too long" are understood without a code', async () => {
    fake.fail('chat', openAiFaults.badRequest('prompt is too long: 300000 tokens > 200000 maximum'));
    expect((await failure())?.hint).toMatch(/history_tokens/);
  });
});

describe('a broken connection is temporary', () => {
  test('nobody is there', async () => {
    const gone = await new FakeOpenAI().listen();
    const { baseUrl, port } = gone;
    await gone.stop();
    const error = await failure({ base_url: baseUrl });
    expect(error).toMatchObject({ temporary: true });
    expect(error?.message).toMatch(/cannot be reached.*ECONNREFUSED/);
    expect(error?.hint).toContain(`127.0.0.1:${port}`);
  });

  test('it hangs up at once', async () => {
    fake.fail('chat', { kind: 'drop' });
    expect(await failure()).toMatchObject({ temporary: true, message: expect.stringMatching(/hung up/) });
  });

  test('it is cut in the middle', async () => {
    fake.say({ chunks: ['Hello '], end: 'cut' });
    const { events, error } = await ask(await llmAt(fake), turnOf('hi'));
    expect(events[0]).toEqual({ type: 'chunk', text: 'Hello ' });
    expect(error).toMatchObject({ temporary: true, message: expect.stringMatching(/hung up/) });
  });
});

describe('an answer that is none is temporary', () => {
  test('not a stream', async () => {
    fake.fail('chat', { kind: 'malformed' });
    expect(await failure()).toMatchObject({ temporary: true });
  });

  test.each(['malformed', 'vanish', 'error'] as const)('%s in the middle', async (end) => {
    fake.say({ chunks: ['Hello '], end });
    expect(await failure()).toMatchObject({ temporary: true });
  });

  test.each([[[]], [[' ', '\n']]])('nothing but %j', async (chunks) => {
    fake.say({ chunks });
    const error = await failure();
    expect(error).toMatchObject({
      temporary: true,
      message: expect.stringMatching(/without saying anything/),
    });
  });

  test('the call of a tool that nobody offered', async () => {
    fake.say({ chunks: [], end: 'tool-call' });
    expect(await failure()).toMatchObject({ temporary: true });
  });
});

test('nothing said because thinking used up the limit is permanent, and its cost is told', async () => {
  fake.say({ reasoning: 'Hm.', chunks: [], finishReason: 'length' });
  const outcome = await ask(await llmAt(fake), turnOf('hi'));
  expect(outcome.error).toMatchObject({ temporary: false });
  expect(outcome.error?.hint).toMatch(/max_output_tokens/);
  expect(dataOf(outcome, 'usage')).toMatchObject({ finish_reason: 'length' });
});

test('nothing let through by a content filter is permanent', async () => {
  fake.say({ chunks: [], finishReason: 'content_filter' });
  expect(await failure()).toMatchObject({ temporary: false });
});

describe('a model that hangs', () => {
  test('before the first word', async () => {
    fake.say({ chunks: [], end: 'hang' });
    const error = await failure({ first_token_timeout: 0.05 });
    expect(error).toMatchObject({ temporary: true, message: expect.stringMatching(/did not begin/) });
    expect(error?.hint).toMatch(/first_token_timeout/);
  });

  test('before it answers the request at all', async () => {
    fake.fail('chat', { kind: 'hang' });
    expect(await failure({ first_token_timeout: 0.05 })).toMatchObject({ temporary: true });
  });

  test('in the middle', async () => {
    fake.say({ chunks: ['Well, '], end: 'hang' });
    const error = await failure({ idle_timeout: 0.05 });
    expect(error).toMatchObject({ temporary: true, message: expect.stringMatching(/fell silent/) });
    await fake.until(() => fake.abandoned === 1, 'the request ends');
  });

  test('while it thinks is not mistaken for one that never began', async () => {
    fake.say({ reasoning: 'Hm.', chunks: [], end: 'hang' });
    expect((await failure({ idle_timeout: 0.05 }))?.message).toMatch(/fell silent/);
  });

  test('takes too long in all: another try would as well', async () => {
    fake.say({ chunks: ['Well, '], end: 'hang' });
    const error = await failure({ total_timeout: 0.05 });
    expect(error).toMatchObject({ temporary: false, message: expect.stringMatching(/had not ended/) });
  });
});

test('no error holds the key, nor what a provider quotes of it, nor the path of the address', async () => {
  const bytes = Buffer.from(KEY);
  const forms = [KEY, encodeURIComponent(KEY), bytes.toString('base64'), bytes.toString('base64url')];
  const faults = [
    openAiFaults.wrongKey(KEY),
    ...forms.map((form) => openAiFaults.badRequest(`bad header: ${form}!`)),
    openAiFaults.down(),
    { kind: 'drop' } as const,
    { kind: 'malformed' } as const,
  ];
  const agent = await llmAt(fake, { api_key: KEY });
  const elsewhere = await llmAt(fake, { api_key: KEY, base_url: `${fake.url}/canary-path/v1` });
  for (const fault of faults) fake.fail('chat', fault);
  const errors = [];
  for (const _ of faults) errors.push((await ask(agent, turnOf('hi'))).error);
  errors.push((await ask(elsewhere, turnOf('hi'))).error);
  for (const error of errors) {
    expect(error).toBeDefined();
    const everything = JSON.stringify([error?.message, error?.hint, error?.stack, error?.cause, error]);
    for (const form of [...forms, KEY.slice(0, 8), 'canary-path']) expect(everything).not.toContain(form);
  }
});

test("a provider's words cannot break lines or flood the log", async () => {
  fake.fail('chat', openAiFaults.badRequest(`one\n\u001b[31mtwo\r\u2028three ${'x'.repeat(5000)}`));
  const error = await failure();
  expect(error?.message).toMatch(/: one \[31mtwo three x+$/);
  expect(error?.message.length).toBeLessThan(500);
});
