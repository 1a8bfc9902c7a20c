import { afterEach, expect, test, vi } from 'vitest';
import type { AgentId, SessionId, TurnId } from '../../src/contract/index.ts';
import { EventBus } from '../../src/gateway/index.ts';
import { SessionManager } from '../../src/gateway/turns/session-manager.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf } from './harness.ts';

afterEach(() => vi.useRealTimers());

async function sessionsOf(store: Store, count: number): Promise<SessionId[]> {
  const keys = Array.from({ length: count }, (_, n) => `session ${n}`);
  return store.write(() => keys.map((key) => store.sessions.sessionOf(key, 'default' as AgentId)));
}

function manage(store: Store, maxLive: number, idleTimeout: number) {
  const agent = agentOf(() => '');
  const agents = new Map([[agent.id, agent]]);
  return {
    agent,
    manager: new SessionManager(store, agents, { maxLive, idleTimeout, maxWaiting: 200 }, new EventBus()),
  };
}

/** One turn, as the scheduler does it. */
async function use(manager: SessionManager, id: SessionId) {
  manager.reserve();
  const session = await manager.checkout(id, 'turn' as TurnId);
  manager.free();
  manager.checkin(session);
  return session;
}

test('the least recently used session goes first', async () => {
  using folder = emptyFolder();
  const store = openStore(folder.path);
  const [a, b, c] = (await sessionsOf(store, 3)) as [SessionId, SessionId, SessionId];
  const { agent, manager } = manage(store, 2, 3_600_000);
  const first = await use(manager, a);
  await use(manager, b);
  expect(await use(manager, a), 'it lives on').toBe(first);
  await use(manager, c); // sends b away
  expect(await use(manager, a)).toBe(first);
  expect([agent.opened, agent.closed]).toEqual([3, 1]);
  await use(manager, b);
  expect([agent.opened, agent.closed], 'b had to be opened anew').toEqual([4, 2]);
  await manager.stop();
  await store.close();
});

test('a session that nobody used for the idle time is let go at the next sweep, one in use is not', async () => {
  using folder = emptyFolder();
  const store = openStore(folder.path);
  const [idle, used, busy] = (await sessionsOf(store, 3)) as [SessionId, SessionId, SessionId];
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  const { agent, manager } = manage(store, 10, 90_000);
  await use(manager, idle);
  await use(manager, used);
  manager.reserve();
  await manager.checkout(busy, 'turn' as TurnId);
  vi.advanceTimersByTime(80_000);
  await use(manager, used);
  vi.advanceTimersByTime(60_000); // the second sweep: `idle` was last used 120 s ago, `used` 40 s ago
  expect([agent.opened, agent.closed]).toEqual([3, 1]);
  await use(manager, used);
  expect(agent.opened).toBe(3);
  await manager.stop();
  await store.close();
});

test('a runtime that hangs while it is closed does not keep the gateway from stopping', async () => {
  using folder = emptyFolder();
  const store = openStore(folder.path);
  const [session] = (await sessionsOf(store, 1)) as [SessionId];
  const { agent, manager } = manage(store, 2, 3_600_000);
  const { runtime } = await use(manager, session);
  runtime.close = () => new Promise(() => {});
  expect(agent.opened).toBe(1);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stopped = manager.stop();
  await vi.advanceTimersByTimeAsync(3_000);
  await stopped;
  await store.close();
});
