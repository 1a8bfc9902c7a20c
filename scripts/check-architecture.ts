import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/*
 * Proves that the arrows of docs/architecture.md hold. Reads every import of `src/` and `adapters/`, those of types
 * included, and asks: may this room know that one? Do files load each other in a circle? Is what the registries import cheap?
 */

/** Which rooms a room may know, beside itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/contract': [],
  'src/texts': ['src/contract'],
  'src/markdown': ['src/contract'],
  'src/adapter-kit': ['src/contract', 'src/texts'],
  'src/store': ['src/contract'],
  'src/gateway': ['src/contract', 'src/texts', 'src/store'],
  'src/server': ['src/contract', 'src/texts', 'src/gateway'],
  'src/agents': ['src/contract', 'src/texts'],
  'src/explain': ['src/contract', 'src/store', 'src/telemetry'],
  'src/commands': ['src/contract', 'src/texts', 'src/gateway', 'src/explain'],
  'src/config': ['src/contract'],
  'src/telemetry': ['src/contract', 'src/gateway'],
  'src/doctor': ['src/contract', 'src/config', 'src/store', 'src/gateway', 'src/server'],
  'src/setup': ['src/contract', 'src/config', 'src/doctor', 'src/agents', 'src/server', 'src/telemetry'],
  'src/cli': ['src/*', 'adapters/registry.ts'],
  'adapters/*': ['src/contract', 'src/texts', 'src/adapter-kit', 'src/markdown'],
  'adapters/registry.ts': ['src/contract', 'adapters/*'],
};

/** What `index.ts` of a channel or an agent may load before its `create` runs, and the kit at all: nothing that is slow. */
const CHEAP = [/^node:/, /^zod$/];
const ENTRANCES = /^((adapters|src\/agents)\/[^/]+|src\/adapter-kit)\/index\.ts$/;

interface Import {
  readonly from: string;
  readonly line: number;
  /** A file of ours, relative to the root, or else the name of a package. */
  readonly to: string;
  readonly isOurs: boolean;
  /** `value` runs code when the importing file is loaded, `lazy` later, `type` never. */
  readonly kind: 'value' | 'lazy' | 'type';
}

/** One sentence for each import that breaks a rule, with file and line. */
export function checkArchitecture(root: string): string[] {
  const files = globSync('{src,adapters}/**/*.ts', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  const imports = new Map(files.map((file) => [file, importsOf(root, file)]));
  const all = [...imports.values()].flat();
  return [...all.flatMap(checkRoom), ...checkCycles(imports), ...checkEntrances(imports)];
}

/** The formatter of this project puts every static import at the start of a line, and nothing else looks like one there. */
const STATIC = /^(?:import|export)\s(?:(type)\s)?(?:[^'"`;]*?\sfrom\s)?'([^']+)'/gm;
const DYNAMIC = /^(?!\s*(?:\*|\/\/)).*?(typeof )?\bimport\(\s*(?:'([^']+)')?/gm;

function importsOf(root: string, file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = (match: RegExpExecArray, kind: Import['kind']): Import => {
    const name = match[2] ?? '(a computed path)';
    const isOurs = name.startsWith('.') || match[2] === undefined;
    const to = name.startsWith('.') ? normalize(join(dirname(file), name)).replaceAll('\\', '/') : name;
    const line = text.slice(0, match.index + match[0].length).split('\n').length;
    return { from: file, line, to, isOurs, kind };
  };
  return [
    ...[...text.matchAll(STATIC)].map((match) => found(match, match[1] === 'type' ? 'type' : 'value')),
    ...[...text.matchAll(DYNAMIC)].map((match) => found(match, match[1] === undefined ? 'lazy' : 'type')),
  ];
}

function checkRoom({ from, line, to, isOurs }: Import): string[] {
  if (!isOurs) return [];
  const [own, other] = [roomOf(from), roomOf(to)];
  const allowed = ROOMS[own.rule];
  if (allowed === undefined) return [`${from}:${line}: ${own.name} has no rule in ROOMS; add one`];
  if (own.name === other.name || allowed.some((room) => covers(room, other.name))) return [];
  const may = allowed.length === 0 ? 'nothing else of ours' : allowed.join(', ');
  return [`${from}:${line}: ${own.name} → ${to}, but ${own.rule} may know ${may}`];
}

/** The room that a file is in, and the name of its rule. */
function roomOf(file: string): { name: string; rule: string } {
  const name = file === 'adapters/registry.ts' ? file : file.split('/').slice(0, 2).join('/');
  const isAdapter = name.startsWith('adapters/') && name !== 'adapters/registry.ts';
  return { name, rule: isAdapter ? 'adapters/*' : name };
}

function covers(pattern: string, room: string): boolean {
  return pattern.endsWith('*') ? room.startsWith(pattern.slice(0, -1)) : room === pattern;
}

/** Each circle once, told at the import that closes it. Types may refer to each other: that runs nothing. */
function checkCycles(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const violations: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (done.has(file)) return;
    for (const { to, line, kind } of imports.get(file) ?? []) {
      if (kind === 'type') continue;
      const start = [...trail, file].indexOf(to);
      if (start === -1) visit(to, [...trail, file]);
      else
        violations.push(
          `${file}:${line}: a circle of imports: ${[...trail, file].slice(start).join(' → ')} → ${to}`,
        );
    }
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return violations;
}

/** Follows what an entrance loads at once, as far as it is ours. */
function checkEntrances(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const violations: string[] = [];
  for (const entrance of [...imports.keys()].filter((file) => ENTRANCES.test(file))) {
    const loaded = new Set([entrance]);
    for (const file of loaded) {
      for (const { to, line, isOurs, kind } of imports.get(file) ?? []) {
        if (kind !== 'value') continue;
        if (isOurs) loaded.add(to);
        else if (!CHEAP.some((cheap) => cheap.test(to))) {
          violations.push(
            `${file}:${line}: ${entrance} loads ${to} at once; import it inside of create, with await import('${to}')`,
          );
        }
      }
    }
  }
  return violations;
}

if (import.meta.main) {
  const violations = checkArchitecture(process.argv[2] ?? process.cwd());
  for (const violation of violations) console.error(violation);
  if (violations.length > 0)
    console.error(`${violations.length} imports break the architecture (scripts/check-architecture.ts).`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
