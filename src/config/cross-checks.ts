import type { ContactKind } from '../contract/index.ts';
import { foundWords, nearest, type Report } from './check.ts';
import { DEFAULT_AGENT } from './schema.ts';
import { type Fields, isFields, type Tree } from './tree.ts';

type Agents = ReadonlyMap<string, Fields>;

/** What the schema of one part cannot see: whether the parts fit together. */
export function checkAgents(tree: Tree, agents: Agents, report: Report): void {
  if (agents.size > 0 || tree.isUnresolved(['agents'])) return;
  report(['agents'], 'at least one agent is needed, for example "default" with "type: echo"', 'key');
}

export function checkChannel(tree: Tree, id: string, fields: Fields, agents: Agents, report: Report): void {
  const at = ['channels', id];
  const { agent = DEFAULT_AGENT, allow_from: allowed = [], dm_policy: policy } = fields;

  const names = [...agents.keys()];
  const isUnknown = typeof agent === 'string' && names.length > 0 && !agents.has(agent);
  if (isUnknown && !tree.isUnresolved([...at, 'agent'])) {
    const path = [...at, 'agent'];
    const isSaid = fields.agent !== undefined;
    const found = isSaid ? foundWords(tree, path, agent) : `missing, and no agent is called ${agent}`;
    report(
      path,
      `${found}, agents are: ${names.join(', ')}${nearest(agent, names)}`,
      isSaid ? 'value' : 'key',
    );
  }

  for (const [whom, other] of Object.entries(isFields(fields.agent_for) ? fields.agent_for : {})) {
    const path = [...at, 'agent_for', whom];
    if (typeof other !== 'string' || agents.has(other) || tree.isUnresolved(path)) continue;
    const found = foundWords(tree, path, other);
    report(path, `${found}, agents are: ${names.join(', ')}${nearest(other, names)}`, 'value');
  }

  if (policy === 'allowlist' && Array.isArray(allowed) && allowed.length === 0) {
    const message = 'found "allowlist", but allow_from names nobody; list the ids of senders there';
    report([...at, 'dm_policy'], message, 'value');
  }
}

/** What each channel can tell of people; `undefined` where its type is not known. */
type Contacts = ReadonlyMap<string, readonly ContactKind[] | undefined>;

const KINDS: Readonly<Record<ContactKind, string>> = { phone: 'phone numbers', email: 'e-mail addresses' };

/** Whether the channels of each pair can tell the same about people. */
export function checkPairs(tree: Tree, identity: unknown, contacts: Contacts, report: Report): void {
  const pairs = isFields(identity) ? identity.propose_links : undefined;
  for (const [index, pair] of (Array.isArray(pairs) ? pairs : []).entries()) {
    const at = ['identity', 'propose_links', index];
    if (!Array.isArray(pair) || pair.length !== 2) continue; // told by the schema
    const fit = pair.map((id: unknown, place) => checkTells(tree, [...at, place], id, contacts, report));
    const [one = [], other = []] = pair.map((id: unknown) => contacts.get(String(id)));
    if (fit.includes(false)) continue;
    if (pair[0] === pair[1]) report([...at, 1], `found ${pair[1]} again, must be another channel`, 'value');
    else if (!one.some((kind) => other.includes(kind))) {
      const told = `${pair[0]} tells only ${wordsFor(one)}, and ${pair[1]} only ${wordsFor(other)}`;
      report([...at, 1], `${told}, so nobody can be found on both`, 'value');
    }
  }
}

/** Whether it is a channel that tells people's contacts; `false` also when its mistake was told already. */
function checkTells(
  tree: Tree,
  path: (string | number)[],
  id: unknown,
  contacts: Contacts,
  report: Report,
): boolean {
  if (typeof id !== 'string' || tree.isUnresolved(path)) return false;
  const able = [...contacts].filter(([, kinds = []]) => kinds.length > 0).map(([name]) => name);
  if (able.includes(id)) return true;
  if (contacts.has(id) && contacts.get(id) === undefined) return false;
  const lack = contacts.has(id)
    ? "which tells neither people's phone numbers nor their e-mail addresses"
    : 'which is no channel';
  const those = able.length === 0 ? 'no channel here does' : `those that tell: ${able.join(', ')}`;
  report(path, `${foundWords(tree, path, id)}, ${lack}; ${those}${nearest(id, able)}`, 'value');
  return false;
}

function wordsFor(kinds: readonly ContactKind[]): string {
  return kinds.map((kind) => KINDS[kind]).join(' and ');
}
