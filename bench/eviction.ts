import type { Agent, AgentId, SessionId, TurnId } from '../src/contract/index.ts';
import { EventBus } from '../src/gateway/index.ts';
import { SessionManager } from '../src/gateway/turns/session-manager.ts';
import type { Store } from '../src/store/index.ts';
import type { Figure } from './run.ts';
import { median } from './statistics.ts';

const FEW = 100;
const MANY = 10_000;
const TURNS = 200_000;
const ROUNDS = 5;

/** What a turn of a session costs that has to send the least recently used one away: the same, however many there are. */
export async function eviction(): Promise<Figure[]> {
  const times = { few: [] as number[], many: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.few.push(await microseconds(FEW));
    times.many.push(await microseconds(MANY));
  }
  const [few, many] = [median(times.few), median(times.many)];
  return [
    {
      what: `a session in the place of another, of ${MANY.toLocaleString('en')}`,
      value: `${many.toFixed(2)} µs`,
      beside: `of ${FEW}: ${few.toFixed(2)} µs`,
      ratio: `${(many / few).toFixed(1)} ×`,
    },
  ];
}

async function microseconds(places: number): Promise<number> {
  const runtime = { run: async function* () {}, close: async () => {} };
  const agent: Agent = { id: 'default' as AgentId, historyTurns: 0, open: async () => runtime };
  // Without a disk: what is left to measure is the order of use.
  const store = {
    sessions: { get: (id: SessionId) => ({ id, agent: agent.id, state: undefined }) },
    turns: { latestCommitted: () => undefined },
  } as unknown as Store;
  const options = { maxLive: places, idleTimeout: 3_600_000, maxWaiting: 1 };
  const manager = new SessionManager(store, new Map([[agent.id, agent]]), options, new EventBus());
  // Twice as many as there are places, in turn: each comes back when it has just been sent away.
  const ids = Array.from({ length: 2 * places }, (_, n) => `session-${n}` as SessionId);
  const use = async (id: SessionId) => {
    manager.reserve();
    manager.checkin(await manager.checkout(id, 'turn' as TurnId));
    manager.free();
  };
  for (const id of ids) await use(id);
  const began = performance.now();
  for (let turn = 0; turn < TURNS; turn += 1) await use(ids[turn % ids.length] as SessionId);
  const passed = performance.now() - began;
  if (manager.stats().evicted < TURNS) throw new Error('not every turn sent one away');
  await manager.stop();
  return (passed / TURNS) * 1_000;
}
