import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkArchitecture } from '../../scripts/check-architecture.ts';
import { emptyFolder } from '../kit/folder.ts';

/** What is wrong with a project of these files. */
function check(files: Readonly<Record<string, string>>): string[] {
  using folder = emptyFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, file)), { recursive: true });
    writeFileSync(join(folder.path, file), text);
  }
  return checkArchitecture(folder.path);
}

describe('the architecture', () => {
  it('holds', () => {
    expect(checkArchitecture(join(import.meta.dirname, '../..'))).toEqual([]);
  });

  it.each([
    ['a static import', "import { a } from '../store/b.ts';"],
    ['an import of types', "import type { A } from '../store/b.ts';"],
    ['an import over several lines', "import {\n  a,\n  b,\n} from '../store/b.ts';"],
    ['an import for its effects', "import '../store/b.ts';"],
    ['a re-export', "export * from '../store/b.ts';"],
    ['a named re-export', "export { a } from '../store/b.ts';"],
    ['a dynamic import', "const load = async () => (await import('../store/b.ts')).a;"],
    ['the type of an import', "type B = typeof import('../store/b.ts');"],
  ])('sees %s', (_, line) => {
    const found = check({ 'src/contract/a.ts': `// first line\n${line}\n`, 'src/store/b.ts': '' });
    expect(found).toEqual([
      expect.stringMatching(/^src\/contract\/a\.ts:\d: src\/contract → src\/store\/b\.ts, but /),
    ]);
  });

  it('does not see what is only talked about', () => {
    const text =
      "/**\n * import('../store/b.ts')\n */\n// import('../store/b.ts')\nexport const a = 'from ../store/b.ts';\n";
    expect(check({ 'src/contract/a.ts': text })).toEqual([]);
  });

  it.each([
    ['src/store/a.ts', '../gateway/b.ts'],
    ['src/gateway/a.ts', '../server/b.ts'],
    ['src/gateway/a.ts', '../telemetry/b.ts'],
    ['src/server/a.ts', '../store/b.ts'],
    ['src/config/a.ts', '../gateway/b.ts'],
    ['src/agents/echo/a.ts', '../../store/b.ts'],
    ['src/server/a.ts', '../cli/b.ts'],
    ['adapters/x/a.ts', '../y/b.ts'],
    ['adapters/x/a.ts', '../registry.ts'],
    ['adapters/x/a.ts', '../../src/gateway/b.ts'],
    ['src/adapter-kit/a.ts', '../markdown/b.ts'],
    ['src/gateway/a.ts', '../adapter-kit/b.ts'],
    ['src/gateway/a.ts', '../../adapters/x/b.ts'],
    ['src/new-room/a.ts', '../contract/b.ts'],
  ])('does not let %s know %s', (from, to) => {
    expect(check({ [from]: `import '${to}';\n` })).toHaveLength(1);
  });

  it.each([
    ['src/store/a.ts', '../contract/b.ts'],
    ['src/gateway/a.ts', '../store/b.ts'],
    ['src/server/a.ts', '../gateway/b.ts'],
    ['src/cli/a.ts', '../server/b.ts'],
    ['src/cli/a.ts', '../../adapters/registry.ts'],
    ['adapters/x/a.ts', './b.ts'],
    ['adapters/x/a.ts', '../../src/contract/b.ts'],
    ['adapters/x/a.ts', '../../src/markdown/b.ts'],
    ['adapters/x/a.ts', '../../src/adapter-kit/b.ts'],
    ['src/adapter-kit/a.ts', '../contract/b.ts'],
    ['adapters/registry.ts', './x/index.ts'],
  ])('lets %s know %s', (from, to) => {
    expect(check({ [from]: `import '${to}';\n` })).toEqual([]);
  });

  it('sees circles, but not of types', () => {
    const circle = {
      'src/store/a.ts': "import './b.ts';\n",
      'src/store/b.ts': "import './c.ts';\n",
      'src/store/c.ts': "import './a.ts';\n",
    };
    expect(check(circle)).toEqual([
      'src/store/c.ts:1: a circle of imports: src/store/a.ts → src/store/b.ts → src/store/c.ts → src/store/a.ts',
    ]);
    expect(check({ ...circle, 'src/store/c.ts': "import type { A } from './a.ts';\n" })).toEqual([]);
  });

  it('keeps the entrances of channels and agents cheap', () => {
    const files = {
      'adapters/x/index.ts':
        "import { z } from 'zod';\nimport type { Bot } from 'slow-sdk';\nimport './outbound.ts';\n",
      'adapters/x/outbound.ts': "import { Bot } from 'slow-sdk';\n",
    };
    expect(check(files)).toEqual([
      "adapters/x/outbound.ts:1: adapters/x/index.ts loads slow-sdk at once; import it inside of create, with await import('slow-sdk')",
    ]);
    const kit = {
      'src/adapter-kit/index.ts': "export * from './a.ts';\n",
      'src/adapter-kit/a.ts': "import 'sdk';\n",
    };
    expect(check(kit)).toHaveLength(1);
    const lazy = { ...files, 'adapters/x/index.ts': "const make = () => import('./outbound.ts');\n" };
    expect(check(lazy)).toEqual([]);
  });
});
