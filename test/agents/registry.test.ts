import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { agentTypes } from '../../src/agents/registry.ts';

test.each(Object.keys(agentTypes))('the agent type %s has options and makes agents', async (name) => {
  const type = await agentTypes[name]?.();
  expect(type?.options.safeParse).toBeTypeOf('function');
  expect(type?.create).toBeTypeOf('function');
});

/** In a process of its own: which packages are loaded by knowing all types, and then by making one agent. */
const PROBE = `
  import { registerHooks } from 'node:module';
  const packages = new Set();
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const [, name] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(resolved.url) ?? [];
      if (name !== undefined) packages.add(name);
      return resolved;
    },
  });
  const { agentTypes } = await import('./src/agents/registry.ts');
  const types = await Promise.all(Object.values(agentTypes).map((load) => load()));
  const known = [...packages];
  const llm = await agentTypes.llm();
  await llm.create('a', llm.options.parse({ provider: 'ollama', model: 'm' }));
  console.log(JSON.stringify({ known, made: [...packages] }));
`;

test('no SDK is loaded before an agent needs it, and then only its own', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', PROBE], { encoding: 'utf8' });
  const { known, made } = JSON.parse(output) as { known: string[]; made: string[] };
  expect(known).toEqual(['zod']);
  expect(made).toContain('ai');
  expect(made).toContain('@ai-sdk/openai-compatible');
  for (const other of ['@ai-sdk/openai', '@ai-sdk/anthropic', '@ai-sdk/google'])
    expect(made).not.toContain(other);
});
