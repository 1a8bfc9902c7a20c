import { type core, type ZodType, z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { allowedWords, expectation, type JsonSchema, knownKeys, schemasAt } from './expected.ts';
import type { Path } from './problems.ts';
import { isSecret } from './secret-keys.ts';
import { isFields, replaceAt, type Tree, valueAt } from './tree.ts';

/** Where a mistake is shown: at the value, or at the key that it belongs to. */
export type Mark = 'value' | 'key';
export type Report = (path: Path, message: string, mark: Mark) => void;

export interface Check<T> {
  readonly schema: ZodType<T>;
  readonly value: unknown;
  /** Where the value stands in the file. */
  readonly at: Path;
  /** Keys that are allowed beside the schema's own; only for suggestions. */
  readonly otherKeys?: readonly string[];
  /** It is switched off: what is missing does not matter. */
  readonly lenient?: boolean;
}

/** Parses one part of the file by its schema; `undefined` when that reported mistakes. Never throws. */
export function check<T>(
  tree: Tree,
  { schema, value, at, otherKeys = [], lenient = false }: Check<T>,
  report: Report,
): T | undefined {
  let result = parse(schema, value);
  if (!result.success) {
    const changed = readVariablesAsScalars(tree, value, at, result.error.issues);
    if (changed) result = parse(schema, value);
  }
  if (result.success) return result.data;

  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  for (const issue of result.error.issues.flatMap((issue) => telling(issue, value))) {
    const path = [...at, ...(issue.path as Path)];
    // What has no value was told already, and tells nothing about its form.
    if (tree.isUnresolved(path)) continue;
    const allowed = schemasAt(shape, issue.path as Path);
    const found = valueAt(value, issue.path as Path);
    if (found === undefined && lenient) continue;
    if (issue.code === 'unrecognized_keys') {
      const known = [...knownKeys(allowed), ...(issue.path.length === 0 ? otherKeys : [])];
      for (const key of issue.keys) report([...path, key], unknownKey(key, known), 'key');
    } else if (issue.code === 'invalid_key') {
      report(path, 'a name is made of a-z, 0-9, - and _, and begins with a letter or a digit', 'key');
    } else {
      const wanted = issue.message || `${requirement(found, allowed)}${suggestion(found, allowed)}`;
      report(path, `${foundWords(tree, path, found)}, ${wanted}`, found === undefined ? 'key' : 'value');
    }
  }
  return undefined;
}

/** Leaves the message empty where the schema's author gave none: then the words are ours. */
function parse<T>(schema: ZodType<T>, value: unknown) {
  return schema.safeParse(value, { error: () => '' });
}

/** A variable is a text at first; where the schema wants something else, an unquoted one is what YAML takes it for. */
function readVariablesAsScalars(
  tree: Tree,
  value: unknown,
  at: Path,
  issues: readonly core.$ZodIssue[],
): boolean {
  let changed = false;
  for (const { path } of issues) {
    const place = tree.place([...at, ...(path as Path)]);
    if (place?.scalar === undefined || place.scalar === valueAt(value, path as Path)) continue;
    replaceAt(value, path as Path, place.scalar);
    changed = true;
  }
  return changed;
}

/** Of a group of keys that fits no alternative, the mistakes against the one that it comes nearest to. */
function telling(issue: core.$ZodIssue, root: unknown): core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || !isFields(valueAt(root, issue.path as Path))) return [issue];
  const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0];
  if (closest === undefined) return [issue];
  return closest.flatMap((inner) => telling({ ...inner, path: [...issue.path, ...inner.path] }, root));
}

function unknownKey(key: string, known: readonly string[]): string {
  const allowed = known.length === 0 ? 'no keys are allowed here' : `allowed here: ${known.join(', ')}`;
  return `unknown key, ${allowed}${nearest(key, known)}`;
}

function requirement(found: unknown, allowed: readonly JsonSchema[]): string {
  const wantsLonger = found === '' && allowed.some(({ minLength }) => minLength !== undefined);
  return wantsLonger ? 'must not be empty' : `must be ${expectation(allowed)}`;
}

/** What to write instead, if that can be guessed. */
function suggestion(found: unknown, allowed: readonly JsonSchema[]): string {
  const isNearlyText = typeof found === 'number' || typeof found === 'boolean';
  const quotesHelp = isNearlyText && allowed.some(({ type }) => type === 'string');
  if (quotesHelp) return '; quotes around it make it a text';
  return nearest(found, allowedWords(allowed));
}

/** `; did you mean telegram?` when something near is allowed. */
export function nearest(found: unknown, allowed: readonly string[]): string {
  const near = typeof found === 'string' ? didYouMean(found, allowed) : undefined;
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** Of an address, also where its beginning was forgotten. */
const CREDENTIALS = /(?<!\S)(?:(\w+:\/\/)\S*|\S*:\S*)@/g;

/** Quotes the file, not the value: what a variable holds may be a secret. */
export function foundWords(tree: Tree, path: Path, found: unknown): string {
  if (found === undefined) return missingWords(tree, path);
  if (Array.isArray(found)) return 'found a list';
  if (typeof found === 'object') return 'found a group of keys';
  const kind = typeof found === 'string' ? 'a text' : 'a value';
  const source = tree.place(path)?.source;
  if (isSecret(path) || source === undefined) return `found ${kind}`;
  const harmless = source.replaceAll(CREDENTIALS, '$1…@');
  const shown = harmless.length > 60 ? `${harmless.slice(0, 60)}…` : harmless;
  return `found ${typeof found === 'string' ? JSON.stringify(shown) : shown}`;
}

function missingWords(tree: Tree, path: Path): string {
  const source = tree.place(path)?.source ?? '';
  return source.startsWith('$') ? `missing (${source} is empty)` : 'missing';
}
