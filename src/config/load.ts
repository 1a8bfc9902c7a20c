import { dirname, resolve } from 'node:path';
import { LineCounter } from 'yaml';
import type { ZodType } from 'zod';
import type { AgentType, ChannelType, ContactKind } from '../contract/index.ts';
import { assemble, type Parts } from './assemble.ts';
import { check, nearest, type Report } from './check.ts';
import type { Config } from './config.ts';
import { checkAgents, checkChannel, checkPairs } from './cross-checks.ts';
import { readText } from './peek.ts';
import { ConfigError, type ConfigProblem, type Path } from './problems.ts';
import { type ReadYaml, readYaml } from './read-yaml.ts';
import { agentKeys, channelKeys, configKeys } from './schema.ts';
import { type Fields, isFields } from './tree.ts';

/** Types by name; a type is imported only when the configuration uses it. */
export type Registry<Type> = Readonly<Record<string, () => Promise<Type>>>;

export interface LoadOptions {
  readonly channelTypes: Registry<ChannelType>;
  readonly agentTypes: Registry<AgentType>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What else is wrong with a configuration that is sound by itself. */
  readonly inspect?: (config: Config) => readonly Omit<ConfigProblem, 'line' | 'column'>[];
}

/**
 * Reads the configuration. `file` may be a symbolic link; relative paths inside start from the folder of `file` as named.
 * Rejects with a ConfigError that tells all mistakes, or a StartError when the file cannot be read (both exit code 78).
 */
export async function loadConfig(file: string, options: LoadOptions): Promise<Config> {
  const lines = new LineCounter();
  const folder = dirname(resolve(file));
  const yaml = readYaml(readText(file), lines, { env: options.env, folder });
  const problems: ConfigProblem[] = [];

  function add(offset: number, path: Path, message: string): void {
    const { line, col } = lines.linePos(offset);
    problems.push({ line, column: col, path, message });
  }
  const report: Report = (path, message, mark) => {
    const place = yaml.tree.nearest(path);
    add(mark === 'key' ? place.keyAt : place.at, path, message);
  };

  const parts = yaml.broken ? undefined : await checkAll(yaml, options, report);
  for (const { at, path, message, unresolved } of yaml.mistakes) {
    if (!(unresolved && isOff(yaml, path))) add(at, path, message);
  }
  if (problems.length > 0 || parts === undefined) throw new ConfigError(file, problems);
  const config = assemble(resolve(file), parts, yaml.secrets);
  for (const { path, message } of options.inspect?.(config) ?? []) report(path, message, 'value');
  if (problems.length > 0) throw new ConfigError(file, problems);
  return config;
}

/** Checks every part, whatever is wrong with the others; `undefined` when the whole is not usable. */
async function checkAll(
  { tree }: ReadYaml,
  options: LoadOptions,
  report: Report,
): Promise<Parts | undefined> {
  const root = tree.root ?? {};
  const keys = check(tree, { schema: configKeys, value: root, at: [] }, report);
  if (!isFields(root)) return undefined;

  function checkOwn<T>(schema: ZodType<T>, fields: Fields, common: object, at: Path, lenient = false) {
    const otherKeys = Object.keys(common);
    return check(tree, { schema, value: without(fields, otherKeys), at, otherKeys, lenient }, report);
  }

  const agents = groups(root.agents);
  checkAgents(tree, agents, report);
  const agentOptions = new Map<string, unknown>();
  for (const [id, fields] of agents) {
    const at = ['agents', id];
    const type = await findType(options.agentTypes, fields.type, [...at, 'type'], report);
    if (type !== undefined) agentOptions.set(id, checkOwn(type.options, fields, agentKeys.shape, at));
  }

  const channelOptions = new Map<string, unknown>();
  const strangers = new Map<string, ChannelType['strangers']>();
  const contacts = new Map<string, readonly ContactKind[] | undefined>();
  for (const [id, fields] of groups(root.channels)) {
    const at = ['channels', id];
    const saysType = fields.type !== undefined || tree.isUnresolved([...at, 'type']);
    const [name, place] = saysType ? [fields.type, [...at, 'type']] : [id, at];
    const type = await findType(options.channelTypes, name, place, report);
    const off = fields.enabled === false;
    if (!off) checkChannel(tree, id, fields, agents, report);
    contacts.set(id, type && (type.contacts ?? []));
    if (type === undefined) continue;
    strangers.set(id, type.strangers);
    const parsed = checkOwn(type.options, fields, channelKeys.shape, at, off);
    channelOptions.set(id, off ? undefined : parsed);
  }
  checkPairs(tree, root.identity, contacts, report);
  return keys && { keys, channelOptions, strangers, agentOptions };
}

async function findType<Type>(
  registry: Registry<Type>,
  name: unknown,
  path: Path,
  report: Report,
): Promise<Type | undefined> {
  if (typeof name !== 'string') return undefined; // told by the schema
  const load = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (load !== undefined) return load();
  const names = Object.keys(registry);
  const [wrong, mark] =
    path.at(-1) === 'type'
      ? ([`there is no type ${JSON.stringify(name)}`, 'value'] as const)
      : (['this is not the name of a type, so it needs a key "type"', 'key'] as const);
  report(path, `${wrong}, types are: ${names.join(', ')}${nearest(name, names)}`, mark);
  return undefined;
}

/** The groups of keys in a group; a name with nothing behind it is an empty one. */
function groups(value: unknown): Map<string, Fields> {
  const found = new Map<string, Fields>();
  if (!isFields(value)) return found;
  for (const [id, fields] of Object.entries(value)) {
    if (isFields(fields) || fields === undefined) found.set(id, fields ?? {});
  }
  return found;
}

function without(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

function isOff({ tree }: ReadYaml, [section, id]: Path): boolean {
  return section === 'channels' && id !== undefined && tree.get([section, id, 'enabled']) === false;
}
