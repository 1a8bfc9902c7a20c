import { expect, test } from 'vitest';
import { llm } from '../../src/agents/llm/index.ts';
import type { Finding } from '../../src/contract/index.ts';
import { FakeHttpServer, type FakeRequest, type Reply } from '../platforms/fake-http.ts';
import { FakeOpenAI } from '../platforms/openai.ts';

const KEY = 'key-canary';

/** Answers what it is told to, by the path, and keeps what it was asked. */
class FakeCatalogue extends FakeHttpServer {
  readonly asked: FakeRequest[] = [];
  readonly answers: Record<string, Reply> = {};

  protected override operationOf({ url }: FakeRequest): string {
    return url.pathname;
  }

  protected override handle(path: string, request: FakeRequest): Reply {
    this.asked.push(request);
    return this.answers[path] ?? { status: 404, body: {} };
  }
}

function probe(options: Record<string, unknown>): Promise<readonly Finding[]> {
  const parsed = llm.options.parse({ api_key: KEY, ...options });
  return llm.probe?.(parsed, AbortSignal.timeout(20_000)) ?? Promise.resolve([]);
}

test.each([
  ['anthropic', { data: [{ id: 'model-1' }] }, 'x-api-key', KEY],
  ['google', { models: [{ name: 'models/model-1' }] }, 'x-goog-api-key', KEY],
  ['openai', { data: [{ id: 'model-1' }] }, 'authorization', `Bearer ${KEY}`],
  ['mistral', { data: [{ id: 'model-1:latest' }] }, 'authorization', `Bearer ${KEY}`],
])('%s is asked for its models, with the key where it wants it', async (provider, body, header, key) => {
  await using fake = await new FakeCatalogue().listen();
  fake.answers['/v1/models'] = { status: 200, body };
  const found = await probe({ provider, base_url: `${fake.url}/v1`, model: 'model-1' });
  expect(found).toEqual([{ level: 'ok', what: expect.stringContaining('has the model model-1') }]);
  expect(fake.asked.map(({ headers }) => headers[header])).toEqual([key]);
});

test('whoever lists models to anyone is asked about the key, too', async () => {
  await using fake = await new FakeCatalogue().listen();
  fake.answers['/v1/models'] = { status: 200, body: { data: [{ id: 'model-1' }] } };
  fake.answers['/v1/key'] = { status: 401, body: { error: { message: `no such key ${KEY}`, code: 401 } } };
  const options = { provider: 'openrouter', base_url: `${fake.url}/v1`, model: 'model-1' };
  const error = await probe(options).catch((error: unknown) => error);
  expect(error).toMatchObject({
    name: 'AgentError',
    message: expect.stringContaining('refuses the key (HTTP 401)'),
    hint: expect.stringContaining('OPENROUTER_API_KEY'),
  });
  expect(String(error)).not.toContain(KEY);
});

test('google says with 400 that it is the key', async () => {
  await using fake = await new FakeCatalogue().listen();
  const error = { code: 400, message: 'API key not valid', details: [{ reason: 'API_KEY_INVALID' }] };
  fake.answers['/v1/models'] = { status: 400, body: { error } };
  await expect(probe({ provider: 'google', base_url: `${fake.url}/v1`, model: 'm' })).rejects.toThrow(
    /refuses the key/,
  );
});

test('a server that lists nothing, and one that has nothing to list', async () => {
  await using fake = await new FakeCatalogue().listen();
  const options = { provider: 'openai-compatible', base_url: `${fake.url}/v1`, model: 'm' };
  expect(await probe(options)).toMatchObject([{ level: 'warning', cure: expect.stringContaining('/v1') }]);
  fake.answers['/v1/models'] = { status: 200, body: { data: [] } };
  expect(await probe(options)).toMatchObject([
    { level: 'warning', cure: expect.stringContaining('Load a model') },
  ]);
});

test('it costs nothing: nobody is asked to say anything', async () => {
  await using fake = await new FakeOpenAI().listen();
  await probe({ provider: 'openai-compatible', base_url: fake.baseUrl, model: 'fake-model' });
  expect([...fake.requests.keys()]).toEqual(['models']);
});
