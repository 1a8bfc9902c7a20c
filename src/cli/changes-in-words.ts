import type { Difference } from '../config/index.ts';

/** One line for each thing that has changed. */
export function changesInWords({ channels, agents, settings, afterRestart }: Difference): readonly string[] {
  const lines = [
    ...channels.added.map((id) => `channel ${id}: added`),
    ...channels.removed.map((id) => `channel ${id}: removed; what waits for it waits until it is back`),
    ...channels.reconnected.map((id) => `channel ${id}: changed, and connects anew`),
    ...channels.adjusted.map((id) => `channel ${id}: changed, and stays connected`),
    ...agents.added.map((id) => `agent ${id}: added`),
    ...agents.removed.map((id) => `agent ${id}: removed`),
    ...agents.changed.map((id) => `agent ${id}: changed from its next answer on`),
    ...settings.map((key) => `${key}: changed`),
    ...afterRestart.map((key) => `${key}: counts after a restart`),
  ];
  return lines.length === 0 ? ['nothing has changed'] : lines;
}
