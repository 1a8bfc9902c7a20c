import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { AgentError, type AgentEvent, type Turn } from '../../src/contract/index.ts';
import { Disk } from '../kit/disk.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, parrot, ScriptedChannel, TestGateway } from './harness.ts';

test('turns of a session run one after the other, in order; sessions run side by side', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const running = new Map<string, number>();
  let most = 0;
  const agent = agentOf(async (turn) => {
    const count = (running.get(turn.session) ?? 0) + 1;
    running.set(turn.session, count);
    expect(count, 'one turn at a time').toBe(1);
    most = Math.max(most, [...running.values()].filter((n) => n > 0).length);
    await new Promise((resolve) => setImmediate(resolve));
    running.set(turn.session, 0);
    return `re: ${turn.messages[0]?.text}`;
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await Promise.all(
    Array.from({ length: 60 }, (_, n) => channel.say(`chat${n % 3}`, String(Math.floor(n / 3)))),
  );
  await hub.until('outbound.sent', 60);
  for (const chat of ['chat0', 'chat1', 'chat2']) {
    expect(channel.textsIn(chat)).toEqual(Array.from({ length: 20 }, (_, n) => `re: ${n}`));
  }
  expect(most).toBe(3);
  await hub.stop();
});

test('the agent sees what was said before, also after its runtime was let go', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf((turn) => `${turn.history.length} before`);
  const hub = await new TestGateway(folder.path, [channel], agent, {
    sessions: { maxLive: 1, idleTimeout: 3_600_000, maxWaiting: 200 },
  }).start();
  for (const chat of ['ann', 'bob', 'ann', 'bob', 'ann']) {
    const sent = hub.count('outbound.sent');
    await channel.say(chat, 'x');
    await hub.until('outbound.sent', sent + 1);
  }
  expect(channel.textsIn('ann')).toEqual(['0 before', '2 before', '4 before']);
  expect(channel.textsIn('bob')).toEqual(['0 before', '2 before']);
  expect([agent.opened, agent.closed], 'one place: each turn of the other evicts').toEqual([5, 4]);
  await hub.stop();
  expect(agent.closed).toBe(5);
});

test('state that an agent leaves comes back to its next runtime, in another process too', async () => {
  using folder = emptyFolder();
  const states: unknown[] = [];
  const agent = () => ({
    ...parrot(),
    async open(_session: unknown, state: unknown) {
      states.push(state);
      return {
        async *run(): AsyncIterable<AgentEvent> {
          yield { type: 'state', state: { step: states.length } };
          yield { type: 'done' };
        },
        async close() {},
      };
    },
  });
  for (let round = 0; round < 3; round++) {
    const channel = new ScriptedChannel('a');
    const hub = await new TestGateway(folder.path, [channel], agent()).start();
    await channel.say('ann', 'x', { dedupeKey: `round ${round}` });
    await hub.until('turn.ended');
    await hub.stop();
  }
  expect(states).toEqual([undefined, { step: 1 }, { step: 2 }]);
});

test('a temporary failure is run again; the person sees one answer', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const attempts: number[] = [];
  const agent = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    attempts.push(turn.attempt);
    yield { type: 'chunk', text: 'part of an answer' };
    if (turn.attempt === 1) throw new AgentError('model is busy', { temporary: true });
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  expect(attempts).toEqual([1, 2]);
  expect(channel.textsIn('ann')).toEqual(['part of an answer']);
  await hub.stop();
});

test('a failure for good: one honest sentence for the person, the cause for the owner, and the next message goes on', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    if (turn.messages[0]?.text === 'poison') {
      yield {
        type: 'error',
        error: new AgentError('the key is refused', { temporary: false, hint: 'renew it' }),
      };
      return;
    }
    yield { type: 'chunk', text: 'fine' };
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'poison');
  await channel.say('ann', 'water');
  await hub.until('outbound.sent', 2);
  const [notice, answer] = channel.textsIn('ann');
  expect(notice).toMatch(/^Sorry, I could not answer this/);
  expect(notice).not.toContain('key');
  expect(answer).toBe('fine');
  expect(hub.events('turn.failed')[0]).toMatchObject({ error: 'the key is refused', hint: 'renew it' });
  await hub.stop();
});

test('an agent that ends without a word about it, or throws nonsense, is a temporary failure', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    if (turn.attempt === 1) return;
    if (turn.attempt === 2) throw 'a string';
    yield { type: 'chunk', text: 'third time lucky' };
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['third time lucky']);
  await hub.stop();
});

test('a person stops a turn: what there was is said, and an agent that does not listen is thrown away', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let begun = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const agent = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    yield { type: 'chunk', text: 'It began' };
    begun();
    if (turn.messages[0]?.text === 'deaf') await new Promise(() => {});
    await new Promise((resolve) => turn.signal.addEventListener('abort', resolve));
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'deaf');
  await started;
  channel.host?.onStop('ann' as never, 'ann' as never);
  await hub.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['It began\n\n_Stopped._']);
  expect(hub.events('turn.ended')[0]?.outcome).toBe('cancelled');
  expect(agent.closed, 'its runtime is not used again').toBe(1);
  await hub.stop();
});

test('a turn that takes too long is ended and told', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const agent = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    await new Promise((resolve) => turn.signal.addEventListener('abort', resolve));
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent, {
    turns: { maxAttempts: 3, timeout: 20, maxMessages: 10 },
  }).start();
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  expect(hub.events('turn.failed')[0]?.error).toMatch(/did not end within/);
  await hub.stop();
});

test('a stop of the gateway parks what runs, and the next one answers it once', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hanging = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    yield { type: 'chunk', text: 'never finished' };
    await new Promise((resolve) => turn.signal.addEventListener('abort', resolve));
  });
  const first = await new TestGateway(folder.path, [channel], hanging).start();
  await channel.say('ann', '1');
  await channel.say('ann', '2');
  await first.until('turn.started');
  await first.stop();
  expect(channel.arrived).toEqual([]);

  const second = await new TestGateway(folder.path, [channel], parrot()).start();
  await second.until('outbound.sent', 2);
  expect(channel.textsIn('ann')).toEqual(['re: 1', 're: 2']);
  expect(second.events('turn.started')[0]?.attempt, 'a parked run does not count').toBe(1);
  await second.stop();
});

test('a full disk does not keep the gateway from stopping; the next one answers', async () => {
  using folder = emptyFolder();
  const disk = new Disk(folder.path, () => {});
  using _installed = disk.install();
  const channel = new ScriptedChannel('a');
  const agent = agentOf(() => {
    disk.full = 'BEGIN IMMEDIATE';
    return 'an answer';
  });
  const first = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'hello');
  await first.until('store.fault');
  await first.stop();
  expect(channel.arrived).toHaveLength(0);
  disk.full = undefined;
  const second = await new TestGateway(folder.path, [channel], parrot()).start();
  await second.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['re: hello']);
  await second.stop();
});

test('more sessions than places: everybody is served, never more at once than there are places', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let running = 0;
  let most = 0;
  const agent = agentOf(async (turn) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    return `re: ${turn.messages[0]?.text}`;
  }, 0);
  const hub = await new TestGateway(folder.path, [channel], agent, {
    sessions: { maxLive: 5, idleTimeout: 3_600_000, maxWaiting: 200 },
  }).start();
  await Promise.all(Array.from({ length: 100 }, (_, n) => channel.say(`chat${n}`, 'x')));
  await hub.until('outbound.sent', 100);
  expect(most).toBe(5);
  expect(agent.opened - agent.closed, 'live runtimes').toBeLessThanOrEqual(5);
  await hub.stop();
  expect(agent.closed).toBe(agent.opened);
});

test('an edit, a deletion or a reaction is not answered, but the next turn hears of it, once', async () => {
  using folder = emptyFolder();
  const told: string[][] = [];
  const agent = agentOf((turn) => {
    told.push(turn.messages.map(({ change, text }) => `${change?.kind ?? 'message'} ${text}`));
    return 'ok';
  });
  const say = async (hub: TestGateway, channel: ScriptedChannel, text: string, key: string) => {
    const sent = hub.count('outbound.sent');
    await channel.say('ann', text, { dedupeKey: key });
    await hub.until('outbound.sent', sent + 1);
  };
  const change = { kind: 'edit', of: '1' as never } as const;
  const channel = new ScriptedChannel('a');
  const first = await new TestGateway(folder.path, [channel], agent).start();
  await say(first, channel, 'one', 'a');
  await channel.say('ann', 'One!', { change, dedupeKey: 'b' });
  await channel.say('ann', '👍', { change: { ...change, kind: 'reaction' }, dedupeKey: 'c' });
  await say(first, channel, 'two', 'd');
  await say(first, channel, 'three', 'e');
  await channel.say('ann', '', { change: { ...change, kind: 'deletion' }, dedupeKey: 'f' });
  await first.stop();
  const again = new ScriptedChannel('a');
  const second = await new TestGateway(folder.path, [again], agent).start();
  await say(second, again, 'four', 'g');
  expect(told).toEqual([
    ['message one'],
    ['edit One!', 'reaction 👍', 'message two'],
    ['message three'],
    ['deletion ', 'message four'],
  ]);
  await second.stop();
});

test('a message that the process died over five times is set aside, with the notice, and the next one goes on', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hanging = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    yield { type: 'chunk', text: '' };
    await new Promise((resolve) => turn.signal.addEventListener('abort', resolve));
  });
  const first = await new TestGateway(folder.path, [channel], hanging).start();
  await channel.say('ann', 'poison');
  await channel.say('ann', 'water');
  await first.stop();
  const db = new Database(`${folder.path}/gateway.db`);
  db.exec(`UPDATE inbox SET state = 'running', attempts = 5 WHERE message LIKE '%poison%'`);
  db.close();

  const second = await new TestGateway(folder.path, [channel], parrot()).start();
  await second.until('outbound.sent', 2);
  expect(channel.textsIn('ann')).toEqual([expect.stringMatching(/^Sorry/), 're: water']);
  expect(second.events('turn.failed')[0]?.error).toMatch(/ended 5 times/);
  await second.stop();
});
