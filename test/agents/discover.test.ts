import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { suggestAgent } from '../../src/agents/llm/discover.ts';
import { llmOptions } from '../../src/agents/llm/options.ts';
import { providerNames, providerOf } from '../../src/agents/llm/providers.ts';
import { FakeHttpServer, type FakeRequest, type Reply } from '../platforms/fake-http.ts';

class FakeOllama extends FakeHttpServer {
  tags: unknown = { models: [{ name: 'nomic-embed-text:latest' }, { name: 'llama3.2:latest' }] };

  protected override operationOf({ url }: FakeRequest): string {
    return url.pathname;
  }

  protected override handle(): Reply {
    return { status: 200, body: this.tags };
  }
}

const KEY = 'sk-test-canary';

/** As the config would read it. */
function agentIn(yaml: string): Record<string, unknown> {
  const { type, ...options } = parse(yaml).default;
  expect(type).toBe('llm');
  return options;
}

describe('a suggestion', () => {
  const variables = providerNames.flatMap((provider) => {
    const { keyVariables, suggestedModel } = providerOf(provider);
    return suggestedModel === undefined ? [] : keyVariables.map((variable) => [variable, provider] as const);
  });

  test.each(variables)(
    'of a key in %s is a line of YAML that works, without the key',
    async (variable, provider) => {
      const suggestion = await suggestAgent({ [variable]: KEY });
      expect(suggestion?.found).toBe(`${variable} is set`);
      expect(JSON.stringify(suggestion)).not.toContain(KEY);
      const options = agentIn(suggestion?.yaml ?? '');
      expect(options).toMatchObject({ provider, api_key: `\${${variable}}` });
      expect(llmOptions.safeParse(options).success).toBe(true);
    },
  );

  test('of an Ollama on this machine names a model that can talk', async () => {
    await using ollama = await new FakeOllama().listen();
    const suggestion = await suggestAgent({}, ollama.url);
    expect(suggestion?.found).toBe('Ollama runs on this machine');
    expect(agentIn(suggestion?.yaml ?? '')).toEqual({ provider: 'ollama', model: 'llama3.2:latest' });
  });

  test('asks nobody when a key is there, and takes an empty one for none', async () => {
    await using ollama = await new FakeOllama().listen();
    await suggestAgent({ OPENAI_API_KEY: KEY }, ollama.url);
    expect(ollama.requests.size).toBe(0);
    expect((await suggestAgent({ OPENAI_API_KEY: '' }, ollama.url))?.yaml).toContain('ollama');
  });

  test('a model with a strange name stays one value on one line', async () => {
    await using ollama = await new FakeOllama().listen();
    const name = 'x"}\nevil: { a: 1 }';
    ollama.tags = { models: [{ name }] };
    const { yaml } = (await suggestAgent({}, ollama.url)) ?? { yaml: '' };
    expect(yaml).not.toContain('\n');
    expect(agentIn(yaml).model).toBe(name);
  });

  test('is not made when there is nothing to suggest', async () => {
    await using ollama = await new FakeOllama().listen();
    for (const tags of [{ models: [] }, { models: [{ name: 'mxbai-embed-large' }] }, {}, 'hello', [1]]) {
      ollama.tags = tags;
      expect(await suggestAgent({}, ollama.url)).toBeUndefined();
    }
    const { url } = ollama;
    await ollama.stop();
    expect(await suggestAgent({}, url)).toBeUndefined();
    await ollama.listen();
  });

  test('does not wait for a neighbour that hangs', async () => {
    await using ollama = await new FakeOllama().listen();
    ollama.fail('/api/tags', { kind: 'hang' });
    expect(await suggestAgent({}, ollama.url)).toBeUndefined();
  });
});
