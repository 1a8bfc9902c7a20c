import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  parseDocument,
  Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Path } from './problems.ts';
import { isSecret, mayBeSecret } from './secret-keys.ts';
import { type Fields, Tree } from './tree.ts';
import { interpolate, type VariableSource } from './variables.ts';
import { yamlWords } from './yaml-words.ts';

export interface ReadYaml {
  readonly tree: Tree;
  readonly secrets: ReadonlySet<string>;
  /** The names of all credentials that it asks for. */
  readonly credentials: ReadonlySet<string>;
  readonly mistakes: readonly YamlMistake[];
  /** The text is so broken that the tree may lack what the person wrote. */
  readonly broken: boolean;
}

export interface YamlMistake {
  readonly at: number;
  readonly path: Path;
  readonly message: string;
  /** A variable has no value; no mistake where nobody needs it. */
  readonly unresolved?: boolean;
}

/** More than any honest file has; aliases of aliases of aliases have more. */
const MOST_VALUES = 10_000;

const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads YAML 1.2, fills in variables, and notes where everything stands. Never throws. */
export function readYaml(text: string, lineCounter: LineCounter, variables: VariableSource): ReadYaml {
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
  const faults = [...document.errors, ...document.warnings].filter(isOwnFault);
  const mistakes: YamlMistake[] = faults.map((fault) => ({
    at: fault.pos[0],
    path: [],
    message: yamlWords(fault.code, lineAt(text, fault.pos[0])),
  }));
  const broken = document.errors.some(({ code }) => code !== 'TAB_AS_INDENT');
  if (broken) return { tree: new Tree(), secrets: new Set(), credentials: new Set(), mistakes, broken };
  return { ...walk(document, mistakes, variables), mistakes, broken };
}

/** Once the parser has lost its way it stumbles over every further word; the first of these says where that happened. */
function isOwnFault({ code }: YAMLError, index: number, faults: readonly YAMLError[]): boolean {
  return code !== 'UNEXPECTED_TOKEN' || faults.findIndex((fault) => fault.code === code) === index;
}

function walk(document: Document.Parsed, mistakes: YamlMistake[], variables: VariableSource) {
  const tree = new Tree();
  const secrets = new Set<string>();
  const credentials = new Set<string>();
  const open = new Set<unknown>();
  let values = 0;

  function read(node: unknown, path: Path, keyAt: number): unknown {
    if (isAlias(node)) return aliased(node.resolve(document), startOf(node) ?? keyAt, path);
    const at = startOf(node) ?? keyAt;
    values += 1;
    if (values > MOST_VALUES) {
      const message = `more than ${MOST_VALUES} values: do aliases repeat each other?`;
      if (values === MOST_VALUES + 1) mistakes.push({ at, path, message });
      return undefined;
    }
    if (isMap(node)) {
      tree.note(path, { at, keyAt });
      return fieldsOf(node, path, at);
    }
    if (isSeq(node)) {
      tree.note(path, { at, keyAt });
      return node.items.map((item, index) => read(item, [...path, index], startOf(item) ?? at));
    }
    return isScalar(node) ? scalarOf(node, path, at, keyAt) : undefined;
  }

  /** Mistakes inside of what an alias repeats are told where the original stands. */
  function aliased(target: unknown, at: number, path: Path): unknown {
    if (target === undefined || open.has(target)) {
      const isUnknown = target === undefined;
      const message = isUnknown ? 'nothing has this anchor' : 'an alias must not contain itself';
      mistakes.push({ at, path, message });
      return undefined;
    }
    open.add(target);
    const value = read(target, path, at);
    open.delete(target);
    return value;
  }

  function fieldsOf(map: YAMLMap, path: Path, mapAt: number): Fields {
    const fields: Fields = Object.create(null);
    for (const { key, value } of map.items) {
      const at = startOf(key) ?? mapAt;
      const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
      const refusal = refuseKey(name, fields);
      const keyPath = name === undefined ? path : [...path, name];
      if (refusal !== undefined) mistakes.push({ at, path: keyPath, message: refusal });
      else if (name !== undefined) fields[name] = read(value, keyPath, at);
    }
    return fields;
  }

  function scalarOf(node: Scalar, path: Path, at: number, keyAt: number): unknown {
    const source = node.source ?? '';
    if (typeof node.value !== 'string') {
      if (isSecret(path)) secrets.add(source);
      tree.note(path, { at, keyAt, source });
      // `key:` with nothing behind it is what remains when somebody comments out all that was below.
      return node.value ?? undefined;
    }
    const { text, whole, outside, problems, ...asked } = interpolate(node.value, variables);
    for (const name of asked.credentials) credentials.add(name);
    for (const message of problems) mistakes.push({ at, path, message, unresolved: true });
    if (mayBeSecret(path)) for (const secret of outside) secrets.add(secret.trim());
    if (isSecret(path)) secrets.add(text.trim());
    const unresolved = problems.length > 0;
    const unquoted = node.type === Scalar.PLAIN;
    tree.note(path, {
      at,
      keyAt,
      source,
      unresolved,
      ...(whole && unquoted && text !== '' && { scalar: plainScalar(text) }),
    });
    return unresolved || (whole && text === '') ? undefined : text;
  }

  tree.root = read(document.contents, [], startOf(document.contents) ?? 0);
  return { tree, secrets, credentials };
}

function refuseKey(name: string | undefined, fields: Fields): string | undefined {
  if (name === undefined) return 'a key must be a plain word';
  if (REFUSED_KEYS.has(name)) return 'this word cannot be a key';
  return name in fields ? 'this key stands here twice; keep one of them' : undefined;
}

/** What YAML takes an unquoted text for: `18790` is a number, `true` is a boolean. */
function plainScalar(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text;
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start).split('\n', 1)[0] ?? '';
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null)?.range?.[0];
}
