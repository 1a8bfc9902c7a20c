import { afterEach, expect, test, vi } from 'vitest';
import { AgentError, type AgentEvent, type SessionId, type Turn } from '../../src/contract/index.ts';
import { openLedger, openStore } from '../../src/store/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, ScriptedChannel } from './harness.ts';
import { Parts } from './parts.ts';

afterEach(() => vi.useRealTimers());

const HOUR = 60 * 60_000;
const textOf = ({ messages }: Turn) => messages.at(-1)?.text ?? '';

/** Answers with how much it remembers. */
const rememberer = () => agentOf((turn) => `${turn.history.length / 2} before`);

async function ask(parts: Parts, session: SessionId, person: string, text: string) {
  await parts.say(session, person, text);
  await parts.untilAnswered();
  return parts.scripted.textsIn(person).at(-1);
}

test.each([
  // It is noon. What is remembered after a silence of so many hours: the turns before.
  { reset: { idle: 12 * HOUR }, silences: [11, 12, 1], before: [1, 0, 1] },
  { reset: { daily: 4 * 60 }, silences: [15, 2, 22, 24], before: [1, 0, 1, 0] },
  { reset: {}, silences: [15, 2, 22, 24], before: [1, 2, 3, 4] },
])('a conversation begins anew: $reset', async ({ reset, silences, before }) => {
  using folder = emptyFolder();
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 5, 15, 12, 0) });
  const agent = rememberer();
  const parts = new Parts(folder.path, [agent], { maxLive: 1, reset });
  const [ann, bob] = [await parts.session('ann', agent), await parts.session('bob', agent)];
  await ask(parts, ann, 'ann', 'hello');
  const remembered: (string | undefined)[] = [];
  for (const [index, hours] of silences.entries()) {
    vi.setSystemTime(Date.now() + hours * HOUR);
    // Bob takes the only place: what is remembered of Ann comes from the disk every other time.
    if (index % 2 === 0) await ask(parts, bob, 'bob', 'hello');
    remembered.push(await ask(parts, ann, 'ann', 'hello'));
  }
  expect(remembered).toEqual(before.map((turns) => `${turns} before`));
  await parts.stop();
});

test('a person begins anew; nothing of before comes back, not even from a turn that was under way', async () => {
  using folder = emptyFolder();
  const go = Promise.withResolvers<void>();
  const states: unknown[] = [];
  const agent = {
    ...agentOf(() => ''),
    async open(_session: SessionId, state: unknown) {
      states.push(state);
      return {
        async *run(turn: Turn): AsyncGenerator<AgentEvent> {
          if (textOf(turn) === 'slow') await go.promise;
          yield { type: 'chunk', text: `${turn.history.length} before` };
          yield { type: 'state', state: textOf(turn) };
          yield { type: 'done' };
        },
        close: async () => {},
      };
    },
  };
  const parts = new Parts(folder.path, [agent]);
  const ann = await parts.session('ann', agent);
  await ask(parts, ann, 'ann', 'quick');
  await parts.say(ann, 'ann', 'slow');
  await parts.until(() => parts.count('turn.started') === 2);
  await parts.sessions.startAnew(ann);
  go.resolve();
  await parts.untilAnswered();
  await ask(parts, ann, 'ann', 'new');
  expect(parts.scripted.textsIn('ann')).toEqual(['0 before', '2 before', '0 before']);
  expect(states, 'the runtime that knew of before was let go').toEqual([undefined, undefined]);
  expect(parts.count('session.began_anew')).toBe(1);
  await parts.stop();
});

test('a retry answers the last message anew: the old answer is forgotten, and the ledger has both', async () => {
  using folder = emptyFolder();
  const agent = agentOf((turn) => `after ${turn.history.map(({ text }) => text).join()}`);
  const parts = new Parts(folder.path, [agent]);
  const ann = await parts.session('ann', agent);
  await ask(parts, ann, 'ann', 'one');
  await ask(parts, ann, 'ann', 'two');
  expect(await parts.turns.retry(ann)).toBe(true);
  await parts.untilAnswered();
  const [, two, again] = parts.scripted.textsIn('ann');
  expect(again, 'as if it had not been answered').toBe(two);
  await ask(parts, ann, 'ann', 'three');
  expect(parts.scripted.textsIn('ann').at(-1)).toBe(`after one,after ,two,${two}`);
  await parts.stop();
  const ledger = openLedger(folder.path);
  const [, retried, second] = ledger.recent(3);
  expect(retried).toMatchObject({ state: 'answered', dedupeKey: `again ${second?.id}` });
  expect(ledger.audit()).toMatchObject({ in: { answered: 4 }, out: { sent: 4 }, contradictions: [] });
  ledger.close();
});

test('a retry of what was given up takes it from the dead letters', async () => {
  using folder = emptyFolder();
  let isBroken = true;
  const agent = agentOf(() => {
    if (isBroken) throw new AgentError('it is broken', { temporary: false });
    return 'mended';
  });
  const parts = new Parts(folder.path, [agent]);
  const ann = await parts.session('ann', agent);
  await ask(parts, ann, 'ann', 'one');
  isBroken = false;
  expect(await parts.turns.retry(ann)).toBe(true);
  await parts.untilAnswered();
  expect(parts.scripted.textsIn('ann')).toEqual([expect.stringMatching(/^Sorry/), 'mended']);
  expect(parts.store.ledger.waiting().dead.in).toBe(0);
  await parts.stop();
});

test('there is nothing to retry in a new conversation, nor while something is still to be answered', async () => {
  using folder = emptyFolder();
  const go = Promise.withResolvers<void>();
  const agent = agentOf(async (turn) => {
    if (textOf(turn) === 'slow') await go.promise;
    return 'ok';
  });
  const parts = new Parts(folder.path, [agent]);
  const ann = await parts.session('ann', agent);
  expect(await parts.turns.retry(ann)).toBe(false);
  await parts.say(ann, 'ann', 'slow');
  expect(await parts.turns.retry(ann)).toBe(false);
  go.resolve();
  await parts.untilAnswered();
  await parts.sessions.startAnew(ann);
  expect(await parts.turns.retry(ann)).toBe(false);
  await parts.stop();
});

test('a stop ends the turn of a session, also while it waits to be run again; what waits behind it goes on', async () => {
  using folder = emptyFolder();
  const begun = Promise.withResolvers<void>();
  const agent = agentOf(async function* (turn: Turn): AsyncGenerator<AgentEvent> {
    yield { type: 'chunk', text: textOf(turn) };
    begun.resolve();
    if (textOf(turn) === 'failing') throw new AgentError('busy', { temporary: true, retryAfterMs: HOUR });
    if (textOf(turn) === 'hanging')
      await new Promise((resolve) => turn.signal.addEventListener('abort', resolve));
    yield { type: 'done' };
  });
  const parts = new Parts(folder.path, [agent]);
  const ann = await parts.session('ann', agent);
  await parts.say(ann, 'ann', 'hanging');
  await begun.promise;
  expect(parts.turns.stopSession(ann)).toBe(true);
  await parts.untilAnswered();
  await parts.say(ann, 'ann', 'failing');
  await parts.say(ann, 'ann', 'fine');
  await parts.until(() => parts.count('turn.retry') === 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(parts.turns.stopSession(ann)).toBe(true);
  await parts.untilAnswered();
  expect(parts.scripted.textsIn('ann')).toEqual(['hanging\n\n_Stopped._', '_Stopped._', 'fine']);
  expect(parts.turns.stopSession(ann), 'there is none').toBe(false);
  await parts.stop();
});

test('somebody is seen at work through the pause after a failure, and until the answer is there', async () => {
  using folder = emptyFolder();
  const shown: AbortSignal[] = [];
  const channel = new ScriptedChannel('a', 'none', {
    capabilities: { typing: true },
    methods: { startTyping: (_chat, _turn, until) => shown.push(until) },
  });
  const agent = agentOf((turn) => {
    if (turn.attempt === 1) throw new AgentError('busy', { temporary: true });
    return 'ok';
  });
  const parts = new Parts(folder.path, [agent], {}, channel);
  const ann = await parts.session('ann', agent);
  await parts.say(ann, 'ann', 'x');
  await parts.until(() => parts.count('turn.retry') === 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(shown.map(({ aborted }) => aborted)).toEqual([false]);
  await parts.untilAnswered();
  expect(
    shown.map(({ aborted }) => aborted),
    'one sign for one answer',
  ).toEqual([true]);
  await parts.stop();
});

test('two sessions become one: what waits is answered by the one that stays, in the order in which it came', async () => {
  using folder = emptyFolder();
  const go = Promise.withResolvers<void>();
  const asked: string[] = [];
  const agent = agentOf(async (turn) => {
    if (textOf(turn).endsWith('1')) await go.promise;
    asked.push(`${textOf(turn)} of ${turn.session === ann ? 'ann' : 'bob'}`);
    return textOf(turn);
  });
  const parts = new Parts(folder.path, [agent]);
  const [ann, bob] = [await parts.session('ann', agent), await parts.session('bob', agent)];
  for (const text of ['ann1', 'bob1', 'bob2', 'ann2', 'bob3']) {
    const person = text.slice(0, 3);
    await parts.say(person === 'ann' ? ann : bob, person, text);
  }
  await parts.store.write(() => {
    parts.store.turns.move(bob, ann);
    parts.store.inbox.move(bob, ann);
  });
  parts.turns.move(bob, ann);
  expect(parts.turns.waiting(bob), 'the one that is under way').toBe(1);
  go.resolve();
  await parts.untilAnswered();
  expect(asked.slice(0, 2).toSorted()).toEqual(['ann1 of ann', 'bob1 of bob']);
  expect(asked.slice(2)).toEqual(['bob2 of ann', 'ann2 of ann', 'bob3 of ann']);
  expect(parts.turns.stats()).toMatchObject({ busy: 0, waiting: 0 });
  await parts.stop();
  const store = openStore(folder.path);
  expect(store.turns.history(bob, 10), 'its turn counts for the other').toEqual([]);
  expect(store.turns.history(ann, 10)).toHaveLength(10);
  await store.close();
});

test('what is moved waits for the turn that is under way where it came from, also in the pause after a failure', async () => {
  using folder = emptyFolder();
  const asked: string[] = [];
  const agent = agentOf((turn) => {
    asked.push(`${textOf(turn)} ${turn.attempt}`);
    if (textOf(turn) === 'bob1' && turn.attempt === 1) throw new AgentError('busy', { temporary: true });
    return textOf(turn);
  });
  const parts = new Parts(folder.path, [agent]);
  const [ann, bob] = [await parts.session('ann', agent), await parts.session('bob', agent)];
  await parts.say(bob, 'bob', 'bob1');
  await parts.say(bob, 'bob', 'bob2');
  await parts.until(() => parts.count('turn.retry') === 1);
  parts.turns.move(bob, ann);
  parts.turns.move(ann, bob); // and back: neither waits for the other for ever
  parts.turns.move(bob, ann);
  await parts.say(ann, 'bob', 'bob3');
  await parts.untilAnswered();
  expect(asked).toEqual(['bob1 1', 'bob1 2', 'bob2 1', 'bob3 1']);
  expect(parts.turns.stats()).toMatchObject({ busy: 0, waiting: 0 });
  await parts.stop();
});

test('who answers is the agent of the session, whatever the channel says', async () => {
  using folder = emptyFolder();
  const agents = [agentOf(() => 'one'), { ...agentOf(() => 'other'), id: 'other' as never }] as const;
  const parts = new Parts(folder.path, agents);
  for (const agent of agents) await ask(parts, await parts.session('ann', agent), 'ann', 'x');
  expect(parts.scripted.textsIn('ann')).toEqual(['one', 'other']);
  const answeredBy = parts.store.ledger
    .recent(2)
    .map(({ turn }) => parts.store.ledger.turn(turn ?? '')?.agent);
  expect(answeredBy).toEqual(['other', 'default']);
  await parts.stop();
});

test('a thousand sessions over fifty places: nobody is lost, each has its history and state, the least recent goes', async () => {
  using folder = emptyFolder();
  const opened: SessionId[] = [];
  const closed: SessionId[] = [];
  const wrong: string[] = [];
  const agent = {
    ...agentOf(() => ''),
    async open(session: SessionId, state: unknown) {
      opened.push(session);
      return {
        async *run(turn: Turn): AsyncGenerator<AgentEvent> {
          const round = turn.history.length / 2;
          if (closed.at(-1) === session) wrong.push('a runtime went with a turn under way');
          if (round > 0 && turn.history.at(-1)?.text !== `${session} ${round - 1}`) wrong.push('history');
          if (round > 0 && opened.at(-1) === session && state !== round - 1) wrong.push('state');
          await new Promise((resolve) => setImmediate(resolve));
          yield { type: 'chunk', text: `${session} ${round}` };
          yield { type: 'state', state: round };
          yield { type: 'done' };
        },
        close: async () => void closed.push(session),
      };
    },
  };
  const parts = new Parts(folder.path, [agent], { maxLive: 50 });
  const ids = await Promise.all(Array.from({ length: 1_000 }, (_, n) => parts.session(`p${n}`, agent)));
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(ids.map((id, n) => parts.say(id, `p${n}`, 'hello')));
    expect(parts.turns.stats().busy).toBeLessThanOrEqual(50);
    await parts.untilAnswered();
  }
  expect(wrong).toEqual([]);
  for (const [n, id] of ids.entries())
    expect(parts.scripted.textsIn(`p${n}`)).toEqual([0, 1].map((round) => `${id} ${round}`));
  const stats = parts.turns.stats();
  expect(stats).toMatchObject({ live: 50, busy: 0, idle: 50, waiting: 0, swept: 0 });
  expect([stats.opened, stats.evicted]).toEqual([opened.length, closed.length]);
  expect(stats.opened - stats.evicted).toBe(50);

  // Now one by one, so that the order is known: the oldest of those that live makes room each time.
  const live = ids.slice(0, 50);
  for (const [n, id] of live.entries()) await ask(parts, id, `p${n}`, 'hello');
  const before = closed.length;
  await ask(parts, live[0] as SessionId, 'p0', 'once more'); // and so it is the youngest
  for (let n = 50; n < 100; n += 1) await ask(parts, ids[n] as SessionId, `p${n}`, 'hello');
  expect(closed.slice(before)).toEqual([...live.slice(1), live[0]]);
  await parts.stop();
});
