import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { llmOptions } from '../../src/agents/llm/options.ts';

const good = { provider: 'openai', model: 'm', api_key: 'sk-test-0000' };

function mistakes(keys: Record<string, unknown>) {
  const result = llmOptions.safeParse(keys);
  return result.error?.issues.map(({ path, message }) => ({ at: path.join('.'), message })) ?? [];
}

describe('options of llm', () => {
  test('provider and model, and a key where one is needed, are enough', () => {
    expect(mistakes(good)).toEqual([]);
    expect(mistakes({ provider: 'ollama', model: 'llama3.2' })).toEqual([]);
  });

  test.each([
    ['openai', 'OPENAI_API_KEY'],
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['google', 'GEMINI_API_KEY'],
    ['qwen', 'DASHSCOPE_API_KEY'],
  ])('a missing key of %s is told with the line to add', (provider, variable) => {
    expect(mistakes({ provider, model: 'm' })).toEqual([
      { at: 'api_key', message: expect.stringContaining(`api_key: \${${variable}}`) },
    ]);
  });

  test('a provider that is none of the known needs its address', () => {
    expect(mistakes({ provider: 'openai-compatible', model: 'm' })).toEqual([
      { at: 'base_url', message: expect.stringContaining('base_url: https://') },
    ]);
  });

  test.each([
    [{ base_url: 'nonsense' }, 'base_url'],
    [{ base_url: 'file:///etc/passwd' }, 'base_url'],
    [{ base_url: 'https://me:secret@example.org/v1' }, 'base_url'],
    [{ api_key: 'two words' }, 'api_key'],
    [{ api_key: 'line\n' }, 'api_key'],
    [{ api_key: '' }, 'api_key'],
    [{ provider: 'opnai' }, 'provider'],
    [{ model: '' }, 'model'],
    [{ temperature: 3 }, 'temperature'],
    [{ history_tokens: -1 }, 'history_tokens'],
    [{ idle_timeout: 0 }, 'idle_timeout'],
    [{ apiKey: 'x' }, ''],
  ])('refuses %j', (keys, at) => {
    const found = mistakes({ ...good, ...keys });
    expect(found.map((mistake) => mistake.at)).toEqual([at]);
    for (const { message } of found) expect(message).not.toMatch(/secret|two words/);
  });

  test('can be written as a JSON schema, for editors', () => {
    const schema = z.toJSONSchema(llmOptions, { io: 'input' });
    expect(schema.required).toEqual(['provider', 'model']);
    expect(schema.properties).toHaveProperty('history_tokens.default');
  });
});
