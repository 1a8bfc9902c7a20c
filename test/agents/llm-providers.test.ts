import { afterEach, describe, expect, test, vi } from 'vitest';
import { providerNames, providers } from '../../src/agents/llm/providers.ts';
import { FakeOpenAI } from '../platforms/openai.ts';
import { ask, dataOf, makeAgent, turnOf } from './kit.ts';
import { FakeAnthropic, FakeGoogle } from './other-models.ts';

const KEY = 'sk-test-0000';

afterEach(() => vi.unstubAllEnvs());

describe('each dialect reaches its provider, with the key where it belongs', () => {
  test('openai', async () => {
    await using fake = await new FakeOpenAI().listen();
    fake.models = ['gpt-fake'];
    const agent = await makeAgent('llm', {
      provider: 'openai',
      base_url: fake.baseUrl,
      model: 'gpt-fake',
      api_key: KEY,
    });
    const outcome = await ask(agent, turnOf('hi'));
    expect(outcome.text).toBe('Hello from the fake model.');
    expect(fake.chats[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(dataOf(outcome, 'usage')).toMatchObject({ input_tokens: 2, output_tokens: 5 });
  });

  test('anthropic', async () => {
    await using fake = await new FakeAnthropic().listen();
    const agent = await makeAgent('llm', {
      provider: 'anthropic',
      base_url: `${fake.url}/v1`,
      model: 'claude-fake',
      api_key: KEY,
    });
    const outcome = await ask(agent, turnOf('hi'));
    expect(outcome.text).toBe('Hello there.');
    expect(fake.asked[0]?.headers['x-api-key']).toBe(KEY);
    expect(fake.asked[0]?.body).toMatchObject({
      model: 'claude-fake',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    });
    expect(dataOf(outcome, 'usage')).toMatchObject({ input_tokens: 7, output_tokens: 3 });
  });

  test('google', async () => {
    await using fake = await new FakeGoogle().listen();
    const agent = await makeAgent('llm', {
      provider: 'google',
      base_url: `${fake.url}/v1beta`,
      model: 'gemini-fake',
      api_key: KEY,
    });
    const outcome = await ask(agent, turnOf('hi'));
    expect(outcome.text).toBe('Hello there.');
    expect(fake.asked[0]?.headers['x-goog-api-key']).toBe(KEY);
    expect(fake.asked[0]?.url.href).not.toContain(KEY);
    expect(dataOf(outcome, 'usage')).toMatchObject({ input_tokens: 7, output_tokens: 3 });
  });
});

describe('refusals of other dialects are understood', () => {
  test('a refused key, an overload and too long a conversation of anthropic', async () => {
    await using fake = await new FakeAnthropic().listen();
    const refuse = (status: number, type: string, message: string) =>
      fake.fail('chat', { kind: 'status', status, body: { type: 'error', error: { type, message } } });
    refuse(401, 'authentication_error', 'invalid x-api-key');
    refuse(529, 'overloaded_error', 'Overloaded');
    refuse(400, 'invalid_request_error', 'prompt is too long: 300000 tokens > 200000 maximum');
    const agent = await makeAgent('llm', {
      provider: 'anthropic',
      base_url: `${fake.url}/v1`,
      model: 'claude-fake',
      api_key: KEY,
    });
    const errors = [];
    for (let round = 0; round < 3; round++) errors.push((await ask(agent, turnOf('hi'))).error);
    expect(errors).toMatchObject([
      { temporary: false, hint: expect.stringContaining('ANTHROPIC_API_KEY') },
      { temporary: true },
      { temporary: false, hint: expect.stringContaining('history_tokens') },
    ]);
  });

  test('too long a conversation and too many requests of google', async () => {
    await using fake = await new FakeGoogle().listen();
    const refuse = (code: number, status: string, message: string) =>
      fake.fail('chat', { kind: 'status', status: code, body: { error: { code, status, message } } });
    refuse(
      400,
      'INVALID_ARGUMENT',
      'The input token count (9) exceeds the maximum number of tokens allowed (8).',
    );
    refuse(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded');
    const agent = await makeAgent('llm', {
      provider: 'google',
      base_url: `${fake.url}/v1beta`,
      model: 'gemini-fake',
      api_key: KEY,
    });
    const errors = [];
    for (let round = 0; round < 2; round++) errors.push((await ask(agent, turnOf('hi'))).error);
    expect(errors).toMatchObject([
      { temporary: false, hint: expect.stringContaining('history_tokens') },
      { temporary: true },
    ]);
  });
});

test('the environment of the process changes neither address nor key', async () => {
  await using fake = await new FakeOpenAI().listen();
  await using stranger = await new FakeOpenAI().listen();
  vi.stubEnv('OPENAI_BASE_URL', stranger.baseUrl);
  vi.stubEnv('OPENAI_API_KEY', 'sk-test-of-somebody-else');
  for (const provider of ['openai', 'openai-compatible']) {
    const keys = provider === 'openai' ? { api_key: KEY } : {};
    await ask(
      await makeAgent('llm', { provider, base_url: fake.baseUrl, model: 'fake-model', ...keys }),
      turnOf('hi'),
    );
  }
  expect(stranger.asked).toBe(0);
  expect(fake.chats.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`, undefined]);
});

test('token counts are asked for, except where the question is refused', async () => {
  await using fake = await new FakeOpenAI().listen();
  for (const provider of ['deepseek', 'mistral']) {
    const agent = await makeAgent('llm', {
      provider,
      base_url: fake.baseUrl,
      model: 'fake-model',
      api_key: KEY,
    });
    await ask(agent, turnOf('hi'));
  }
  expect(fake.chats.map(({ body }) => body.stream_options)).toEqual([{ include_usage: true }, undefined]);
});

test('a setting that the model does not take is told with the usage, and nowhere else', async () => {
  const printed: Error[] = [];
  const onWarning = (warning: Error) => printed.push(warning);
  process.on('warning', onWarning);
  await using fake = await new FakeOpenAI().listen();
  fake.models = ['gpt-6-astra'];
  const agent = await makeAgent('llm', {
    provider: 'openai',
    base_url: fake.baseUrl,
    model: 'gpt-6-astra',
    api_key: KEY,
    temperature: 0.5,
  });
  expect(dataOf(await ask(agent, turnOf('hi')), 'usage')).toMatchObject({
    warnings: [expect.stringContaining('temperature')],
  });
  await new Promise((resolve) => setImmediate(resolve)); // Node emits warnings on the next tick
  process.off('warning', onWarning);
  expect(printed).toEqual([]);
});

test('every known provider is complete, and can be made without a network', async () => {
  for (const name of providerNames) {
    const known = { baseUrl: undefined, ...providers[name] };
    if (known.baseUrl !== undefined)
      expect(new URL(known.baseUrl).href.replace(/\/$/, '')).toBe(known.baseUrl);
    const agent = await makeAgent('llm', {
      provider: name,
      model: 'some-model',
      ...(known.baseUrl === undefined && { base_url: 'http://127.0.0.1:9/v1' }),
      ...(known.keyVariables.length > 0 && { api_key: KEY }),
    });
    expect(agent.historyTurns).toBeGreaterThan(0);
  }
});
