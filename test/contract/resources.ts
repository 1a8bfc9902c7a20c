import { setImmediate } from 'node:timers/promises';

/** What keeps this process alive: sockets, servers and timers, by kind. */
export function openResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    // What the loop does this very moment is no resource that somebody keeps.
    if (kind !== 'Immediate') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Resolves once no more is open than `before`; rejects with what is left. */
export async function settledTo(before: ReadonlyMap<string, number>): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const left = [...openResources()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
    if (left.length === 0) return;
    if (performance.now() > deadline)
      throw new Error(`left behind: ${left.map(([kind]) => kind).join(', ')}`);
    await setImmediate();
  }
}
