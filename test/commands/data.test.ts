import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateCommands } from '../../scripts/generate-commands.ts';
import { createCommands } from '../../src/commands/index.ts';
import { commandIn } from '../../src/gateway/inbound/commands.ts';
import { Town } from './kit.ts';

test('docs/commands.md is what the commands say', () => {
  const written = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
  expect(written, 'write it anew with: npm run commands').toBe(generateCommands());
});

test('every command can be written, and has its words in both languages', async () => {
  await using town = await Town.build();
  const commands = createCommands(town.operations, async () => '');
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  for (const { name, usage, description } of commands) {
    const typed = { text: `/${name}`, addressed: true, sender: {} };
    expect(commandIn(typed as Parameters<typeof commandIn>[0])?.name).toBe(name);
    expect(description.en).toMatch(/^[A-Z].*[^.]$/);
    expect(description.zh).toMatch(/\p{Script=Han}[^。]*$/u);
    expect(usage.zh === '', name).toBe(usage.en === '');
  }
});
