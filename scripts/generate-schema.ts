import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { channelTypes } from '../adapters/registry.ts';
import { agentTypes } from '../src/agents/registry.ts';
import { configJsonSchema, type Registry } from '../src/config/index.ts';

/** `npm run schema`: writes what editors complete openclaw.config.yaml by. A test fails while the file is out of date. */
export async function generateSchema(): Promise<string> {
  const schema = configJsonSchema({ channels: await load(channelTypes), agents: await load(agentTypes) });
  return `${JSON.stringify(schema, null, 2)}\n`;
}

async function load<Type>(registry: Registry<Type>): Promise<Record<string, Type>> {
  const entries = Object.entries(registry).map(async ([name, type]) => [name, await type()] as const);
  return Object.fromEntries(await Promise.all(entries));
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '../openclaw.schema.json'), await generateSchema());
}
