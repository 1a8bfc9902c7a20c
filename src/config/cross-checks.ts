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
