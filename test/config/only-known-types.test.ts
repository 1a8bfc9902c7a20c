import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../../src/agents/registry.ts';
import { loadConfig } from '../../src/config/index.ts';
import { emptyFolder } from '../kit/folder.ts';

const ROOT = join(import.meta.dirname, '../..');

it.each(['path', 'address', 'relative', 'package', 'constructor', 'toString', 'parent'])(
  'a type is one of those we know, and never code of somebody else (%s)',
  async (kind) => {
    using folder = emptyFolder();
    const code = join(folder.path, 'strange.mjs');
    const trace = join(folder.path, 'it-ran');
    writeFileSync(
      code,
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(trace)}, '');`,
    );
    const names: Record<string, string> = {
      path: code,
      address: pathToFileURL(code).href,
      relative: './strange.mjs',
      package: 'node:fs',
      parent: '../telegram/index',
    };
    const type = JSON.stringify(names[kind] ?? kind);
    const file = join(folder.path, 'test.yaml');
    writeFileSync(file, `channels: { a: { type: ${type} } }\nagents: { default: { type: ${type} } }\n`);
    const setting = { channelTypes, agentTypes, env: {} };
    await expect(loadConfig(file, setting)).rejects.toMatchObject({
      problems: [
        { path: ['channels', 'a', 'type'], message: expect.stringContaining('there is no type') },
        { path: ['agents', 'default', 'type'], message: expect.stringContaining('there is no type') },
      ],
    });
    expect(existsSync(trace)).toBe(false);
  },
);

it('what is imported stands in the source, word for word', () => {
  const files = globSync('{src,adapters}/**/*.ts', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(300);
  const computed = files.filter((file) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    return /\b(?:import|require|createRequire\([^)]*\))\((?!['"]|import\.meta\.url\))/.test(source);
  });
  expect(computed).toEqual([]);
});
