import { expect, test } from 'vitest';
import { AgentError, type AgentEvent, type InboundMessage, type Turn } from '../../src/contract/index.ts';
import { openLedger } from '../../src/store/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, ScriptedChannel, TestGateway } from './harness.ts';

type Policy = 'followup' | 'collect' | 'steer' | 'interrupt';
/** Where the first turn is when the next messages come. */
type Stage =
  | 'before it begins'
  | 'while its runtime opens'
  | 'while it streams'
  | 'in the pause after a failure';

/** Something that happens once, and that something else may wait for. */
class Signal {
  readonly #happened = Promise.withResolvers<void>();
  readonly promise = this.#happened.promise;
  set(): void {
    this.#happened.resolve();
  }
}

const textsOf = ({ messages }: Turn) => messages.map(({ text }) => text).join('+');

/**
 * Somebody says `one`, which takes its time; at the stage of its turn that is asked for, `two` and `three`. Answers name what they
 * answer, in the order in which it was handed over.
 */
async function talk(policy: Policy, stage: Stage) {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const [arrived, go] = [new Signal(), new Signal()];
  const histories: string[][] = [];
  let isFirst = true;
  const agent = {
    ...agentOf(() => ''),
    async open() {
      if (stage === 'while its runtime opens' && isFirst) {
        isFirst = false;
        arrived.set();
        await go.promise;
      }
      return { run, close: async () => {} };
    },
  };
  async function* run(turn: Turn): AsyncGenerator<AgentEvent> {
    histories.push(turn.history.map(({ text }) => text));
    yield { type: 'chunk', text: `answers ${textsOf(turn)}` };
    if (turn.messages[0]?.text === 'earlier') await go.promise;
    if (isFirst && stage !== 'before it begins') {
      isFirst = false;
      arrived.set();
      if (stage === 'in the pause after a failure') throw new AgentError('busy', { temporary: true });
      await Promise.race([
        go.promise,
        new Promise((resolve) => turn.signal.addEventListener('abort', resolve)),
      ]);
      if (turn.signal.aborted) return;
    }
    const more: readonly InboundMessage[] = await turn.more();
    if (more.length > 0) yield { type: 'chunk', text: ` and ${more.map(({ text }) => text).join('+')}` };
    yield { type: 'done' };
  }
  const hub = await new TestGateway(folder.path, [channel], agent, {
    whileBusy: policy,
    sessions: { maxLive: 1, idleTimeout: 3_600_000, maxWaiting: 200 },
  }).start();
  if (stage === 'before it begins') {
    await channel.say('bob', 'earlier'); // takes the only place
    await hub.until('turn.started');
    arrived.set();
  }
  await channel.say('ann', 'one');
  await arrived.promise;
  if (stage === 'in the pause after a failure') await hub.until('turn.retry');
  await channel.say('ann', 'two');
  await channel.say('ann', 'three');
  go.set();
  await hub.untilAnswered();
  await hub.stop();
  const ledger = openLedger(folder.path);
  const rows = ledger.recent(10).reverse();
  const states = rows
    .filter(({ chat }) => chat === 'ann')
    .map(({ state, reason }) => (reason === null ? state : `${state} ${reason.split(' ')[0]}`));
  const { contradictions } = ledger.audit();
  ledger.close();
  expect(contradictions).toEqual([]);
  return { said: channel.textsIn('ann'), states, histories };
}

const STAGES: readonly Stage[] = [
  'before it begins',
  'while its runtime opens',
  'while it streams',
  'in the pause after a failure',
];
const answered = ['answered', 'answered', 'answered'];

test.each(STAGES)('followup, %s: one turn each', async (stage) => {
  const { said, states } = await talk('followup', stage);
  expect(said).toEqual(['answers one', 'answers two', 'answers three']);
  expect(states).toEqual(answered);
});

test.each(STAGES)('collect, %s: what waits is answered together', async (stage) => {
  const { said, states } = await talk('collect', stage);
  const together =
    stage === 'before it begins' ? ['answers one+two+three'] : ['answers one', 'answers two+three'];
  expect(said).toEqual(together);
  expect(states).toEqual(answered);
});

test.each(STAGES)('steer, %s: the turn takes it', async (stage) => {
  const { said, states } = await talk('steer', stage);
  expect(said).toEqual(['answers one and two+three']);
  expect(states).toEqual(answered);
});

test.each(STAGES)('interrupt, %s: the last message is answered, and knows of the others', async (stage) => {
  const { said, states, histories } = await talk('interrupt', stage);
  const begun = stage === 'while it streams' ? ['answers one\n\n_Interrupted by the next message._'] : [];
  expect(said).toEqual([...begun, 'answers three']);
  expect(states).toEqual(['superseded by', 'superseded by', 'answered']);
  const partial = begun.length > 0 ? 'answers one\n' : '';
  expect(histories.at(-1)).toEqual([
    'one',
    `${partial}[Interrupted by the next message]`,
    'two',
    '[Interrupted by the next message]',
  ]);
});

test.each(['followup', 'collect', 'steer', 'interrupt'] as const)(
  '%s: what comes while the answer is written down is answered by a turn of its own',
  async (whileBusy) => {
    using folder = emptyFolder();
    const channel = new ScriptedChannel('a');
    const agent = agentOf(async function* (turn: Turn): AsyncGenerator<AgentEvent> {
      yield { type: 'chunk', text: `answers ${textsOf(turn)}` };
      // Nothing is asked for any more, and the next message is stored in the same commit as the answer.
      if (textsOf(turn) === 'one') setImmediate(() => void channel.say('ann', 'two'));
      yield { type: 'done' };
    });
    const hub = await new TestGateway(folder.path, [channel], agent, { whileBusy }).start();
    await channel.say('ann', 'one');
    await hub.until('outbound.sent', 2);
    expect(channel.textsIn('ann')).toEqual(['answers one', 'answers two']);
    expect(hub.events('turn.ended').map(({ outcome }) => outcome)).toEqual(['committed', 'committed']);
    await hub.stop();
  },
);

test('collect: what comes within the pause belongs to it, and who never pauses is answered nonetheless', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const go = new Signal();
  const asked: string[] = [];
  const agent = agentOf(async (turn) => {
    asked.push(textsOf(turn));
    if (asked.length === 1) await go.promise;
    return 'ok';
  });
  const hub = await new TestGateway(folder.path, [channel], agent, {
    whileBusy: 'collect',
    collectFor: 60,
  }).start();
  await channel.say('ann', 'first');
  await channel.say('ann', '0');
  go.set();
  await hub.until('turn.ended');
  let said = 0;
  while (hub.count('turn.started') < 2) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await channel.say('ann', String(++said));
  }
  await hub.untilAnswered();
  const [, ...collected] = asked;
  expect(collected[0], 'more than what waited').toMatch(/^0\+1/);
  expect(collected.join('+')).toBe(Array.from({ length: said + 1 }, (_, n) => n).join('+'));
  await hub.stop();
});

test('a collected turn that fails is tried for each message alone in the end, so that only one is to blame', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const go = new Signal();
  const agent = agentOf(async (turn) => {
    const said = textsOf(turn);
    if (said === 'first') await go.promise;
    if (said.includes('poison')) throw new AgentError('it is poison', { temporary: true });
    return `answers ${said}`;
  });
  const hub = await new TestGateway(folder.path, [channel], agent, {
    whileBusy: 'collect',
    turns: { maxAttempts: 2, timeout: 60_000, maxMessages: 10 },
  }).start();
  for (const text of ['first', 'water', 'poison', 'wine']) await channel.say('ann', text);
  go.set();
  await hub.untilAnswered();
  const [first, ...others] = channel.textsIn('ann');
  expect(first).toBe('answers first');
  expect(others).toEqual(['answers water', expect.stringMatching(/^Sorry/), 'answers wine']);
  await hub.stop();
});

test('steer: what was taken by a turn that failed is answered by its own', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const attempts: string[] = [];
  const agent = agentOf(async function* (turn: Turn): AsyncGenerator<AgentEvent> {
    const said = textsOf(turn);
    attempts.push(`${said} ${turn.attempt}`);
    if (said === 'poison') {
      await channel.say('ann', 'water');
      expect((await turn.more()).map(({ text }) => text)).toEqual(['water']);
      yield { type: 'error', error: new AgentError('it is poison', { temporary: false }) };
      return;
    }
    yield { type: 'chunk', text: `answers ${said}` };
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent, { whileBusy: 'steer' }).start();
  await channel.say('ann', 'poison');
  await hub.untilAnswered();
  expect(channel.textsIn('ann')).toEqual([expect.stringMatching(/^Sorry/), 'answers water']);
  expect(attempts, 'the run that it was not to blame for does not count').toEqual(['poison 1', 'water 1']);
  await hub.stop();
});

test('what is said in another chat of the same person neither steers nor interrupts', async () => {
  for (const whileBusy of ['steer', 'interrupt', 'collect'] as const) {
    using folder = emptyFolder();
    const channel = new ScriptedChannel('a');
    const go = new Signal();
    const agent = agentOf(async (turn) => {
      if (textsOf(turn) === 'one') await go.promise;
      return `answers ${textsOf(turn)}`;
    });
    const hub = await new TestGateway(folder.path, [channel], agent, { whileBusy }).start();
    const sender = { id: 'ann' as never };
    await channel.say('here', 'one', { sender });
    await channel.say('there', 'two', { sender });
    go.set();
    await hub.untilAnswered();
    expect([channel.textsIn('here'), channel.textsIn('there')]).toEqual([['answers one'], ['answers two']]);
    await hub.stop();
  }
});

test.each(['collect', 'steer', 'interrupt'] as const)(
  '%s, and the process ends in the middle of it: the next one answers everything once',
  async (whileBusy) => {
    using folder = emptyFolder();
    const channel = new ScriptedChannel('a');
    const begun = new Signal();
    const hanging = agentOf(async function* (turn: Turn): AsyncGenerator<AgentEvent> {
      yield { type: 'chunk', text: 'begins' };
      begun.set();
      if (whileBusy !== 'interrupt') await new Promise(() => {});
      await new Promise((resolve) => turn.signal.addEventListener('abort', resolve));
      await new Promise(() => {});
    });
    const first = await new TestGateway(folder.path, [channel], hanging, { whileBusy }).start();
    await channel.say('ann', 'one');
    await begun.promise;
    await channel.say('ann', 'two');
    await channel.say('ann', 'three');
    await first.stop();
    const before = channel.arrived.length;

    const second = await new TestGateway(
      folder.path,
      [channel],
      agentOf(async function* (turn): AsyncGenerator<AgentEvent> {
        yield { type: 'chunk', text: `answers ${textsOf(turn)}` };
        for (const { text } of await turn.more()) yield { type: 'chunk', text: ` and ${text}` };
        yield { type: 'done' };
      }),
      { whileBusy },
    ).start();
    await second.untilAnswered();
    const said = channel.textsIn('ann').slice(before);
    if (whileBusy === 'steer') expect(said).toEqual(['answers one and two and three']);
    if (whileBusy === 'interrupt') expect(said).toEqual(['answers three']);
    if (whileBusy === 'collect')
      expect(said.flatMap((text) => text.match(/one|two|three/g))).toEqual(['one', 'two', 'three']);
    await second.stop();
  },
);
