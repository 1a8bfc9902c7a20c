import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId, OutboundMessage, SendReceipt } from '../../src/contract/index.ts';
import type { ChannelOptions, Reconfigurable } from '../../src/gateway/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, failed, parrot, ScriptedChannel, TestGateway } from './harness.ts';

let folder: ReturnType<typeof emptyFolder>;
let hub: TestGateway;

beforeEach(() => {
  folder = emptyFolder();
});

afterEach(async () => {
  await hub.stop();
  expect(hub.events('internal.error')).toEqual([]);
  folder[Symbol.dispose]();
});

/** The options with which it began, and these in their place. */
const reconfigure = (more: Partial<Reconfigurable>) => hub.gateway.reconfigure({ ...hub.options, ...more });

/** A channel of the options, and what is to be different about it. */
function optionsOf(channel: ScriptedChannel, more: Partial<ChannelOptions> = {}): ChannelOptions {
  const options = hub.options.channels.find(({ id }) => id === channel.id) as ChannelOptions;
  return { ...options, ...more };
}

/** Sends that wait until the test lets them end. */
function slowly(channel: ScriptedChannel) {
  const held: (() => void)[] = [];
  channel.onSend = (message: OutboundMessage) =>
    new Promise<SendReceipt>((resolve) => held.push(() => resolve(channel.accept(message))));
  return held;
}

describe('an adapter that is exchanged', () => {
  test('ends the send that is under way; the next goes over the other one, and none is lost or repeated', async () => {
    const old = new ScriptedChannel('chat');
    const next = new ScriptedChannel('chat');
    const other = new ScriptedChannel('other');
    hub = await new TestGateway(folder.path, [old, other], parrot()).start();
    const held = slowly(old);
    await old.say('a', 'one');
    await old.say('a', 'two');
    await expect.poll(() => held.length).toBe(1);
    const exchanged = reconfigure({
      channels: [optionsOf(old, { adapter: next.adapter }), optionsOf(other)],
    });
    await other.say('b', 'meanwhile');
    await expect.poll(() => other.textsIn('b')).toEqual(['re: meanwhile']);
    expect(old.stops, 'it is not stopped while it sends').toBe(0);
    held[0]?.();
    await exchanged;
    expect(old.stops).toBe(1);
    await expect.poll(() => next.textsIn('a')).toEqual(['re: two']);
    expect(old.textsIn('a')).toEqual(['re: one']);
    await next.say('a', 'three', { dedupeKey: 'three' });
    await expect.poll(() => next.textsIn('a')).toEqual(['re: two', 're: three']);
    expect(hub.count('outbound.unknown')).toBe(0);
    expect([other.starts, other.stops]).toEqual([1, 0]);
  });

  test('does not hold up the others when its send never ends', async () => {
    const old = new ScriptedChannel('chat', 'native');
    const next = new ScriptedChannel('chat', 'native');
    hub = await new TestGateway(folder.path, [old], parrot()).start();
    const held = slowly(old);
    await old.say('a', 'one');
    await expect.poll(() => held.length).toBe(1);
    await reconfigure({ channels: [optionsOf(old, { adapter: next.adapter })] });
    expect(old.stops).toBe(1);
    await hub.untilConnected(2);
    await next.say('b', 'two', { dedupeKey: 'two' });
    await expect.poll(() => next.textsIn('b')).toEqual(['re: two']);
  });

  test('is not mourned where its platform had refused it', async () => {
    const old = new ScriptedChannel('chat');
    const next = new ScriptedChannel('chat');
    old.onStart = async () => {
      throw failed('auth', true);
    };
    hub = new TestGateway(folder.path, [old], parrot());
    await hub.gateway.start();
    await expect.poll(() => hub.gateway.channels().get(old.id)?.state).toBe('rejected');
    await reconfigure({ channels: [optionsOf(old, { adapter: next.adapter })] });
    await hub.untilConnected();
    await next.say('a', 'hello');
    await expect.poll(() => next.textsIn('a')).toEqual(['re: hello']);
  });
});

test('a channel that is taken away is no longer there; what its turns say waits until it is back', async () => {
  const first = new ScriptedChannel('chat');
  const back = new ScriptedChannel('chat');
  const turn = Promise.withResolvers<string>();
  hub = await new TestGateway(
    folder.path,
    [first],
    agentOf(() => turn.promise),
  ).start();
  await first.say('a', 'question');
  await hub.until('turn.started');
  await reconfigure({ channels: [] });
  expect([...hub.gateway.channels().keys()]).toEqual([]);
  turn.resolve('answer');
  await hub.until('turn.ended');
  await reconfigure({ channels: [] });
  expect(first.arrived).toEqual([]);
  await reconfigure({ channels: [optionsOf(first, { adapter: back.adapter })] });
  await expect.poll(() => back.textsIn('a')).toEqual(['answer']);
  expect(first.stops).toBe(1);
});

describe('an agent that is exchanged', () => {
  test('ends the turn that is under way; idle runtimes of it go, and the next turn is the new one', async () => {
    const chat = new ScriptedChannel('chat');
    const turn = Promise.withResolvers<string>();
    const old = agentOf(({ messages }) => (messages.at(-1)?.text === 'slow' ? turn.promise : 'old'));
    hub = await new TestGateway(folder.path, [chat], old).start();
    await chat.say('idle', 'hello');
    await hub.until('turn.ended');
    await chat.say('busy', 'slow');
    await hub.until('turn.started', 2);
    const next = agentOf(({ history }) => `new, after ${history.length}`);
    await reconfigure({ agents: new Map([[next.id, next]]) });
    await expect.poll(() => old.closed).toBe(1);
    turn.resolve('old, but whole');
    await expect.poll(() => old.closed).toBe(2);
    await chat.say('busy', 'and now?');
    await chat.say('idle', 'and now?');
    await expect.poll(() => chat.textsIn('busy')).toEqual(['old, but whole', 'new, after 2']);
    await expect.poll(() => chat.textsIn('idle')).toEqual(['old', 'new, after 2']);
  });

  test('does not rest for what the one before it did', async () => {
    const chat = new ScriptedChannel('chat');
    const down = agentOf(() => Promise.reject(new Error('down')));
    hub = await new TestGateway(folder.path, [chat], down, {
      turns: { maxAttempts: 100, timeout: 60_000, maxMessages: 10 },
    }).start();
    for (let person = 0; person < 12; person += 1) await chat.say(`p${person}`, 'hello');
    await hub.until('agent.resting');
    const up = parrot();
    await reconfigure({ agents: new Map([[up.id, up]]) });
    await chat.say('late', 'hello');
    await expect.poll(() => chat.textsIn('late')).toEqual(['re: hello']);
  });
});

test('routes, places and limits count at once', async () => {
  const chat = new ScriptedChannel('chat');
  const turn = Promise.withResolvers<string>();
  const agent = agentOf(() => turn.promise);
  hub = await new TestGateway(folder.path, [chat], agent, {
    sessions: { maxLive: 1, idleTimeout: 3_600_000, maxWaiting: 100 },
  }).start();
  await chat.say('a', 'one');
  await chat.say('b', 'two');
  await hub.until('turn.started');
  const second = Object.assign(parrot(), { id: 'second' as AgentId });
  await reconfigure({
    sessions: { ...hub.options.sessions, maxLive: 2 },
    agents: new Map([
      [agent.id, agent],
      [second.id, second],
    ]),
    channels: [optionsOf(chat, { agent: second.id, rateLimits: { direct: { burst: 1, perSecond: 0.001 } } })],
  });
  await hub.until('turn.started', 2);
  turn.resolve('answer');
  await hub.until('turn.ended', 2);
  await chat.say('a', 'who are you?');
  await expect.poll(() => hub.events('turn.started').at(-1)?.agent).toBe('second');
  expect([chat.starts, chat.stops]).toEqual([1, 0]);
  await hub.until('turn.ended', 3);
  expect(chat.textsIn('a'), 'the second waits for its token').toEqual(['answer']);
});

test('an answer that was growing knows that its preview may be left by the adapter that went', async () => {
  const shown: string[] = [];
  const growing = {
    capabilities: { streaming: { everyMs: 1, spendsLimit: false } },
    methods: { stream: async ({ text }: { text: string }) => void shown.push(text) },
  };
  const old = new ScriptedChannel('chat', 'native', growing);
  const next = new ScriptedChannel('chat', 'native', growing);
  const rest = Promise.withResolvers<void>();
  const agent = agentOf(async function* () {
    yield { type: 'chunk', text: 'so far' };
    await rest.promise;
    yield { type: 'chunk', text: ', and no further' };
    yield { type: 'done' };
  });
  hub = await new TestGateway(folder.path, [old], agent).start();
  const held = slowly(old);
  await old.say('growing', 'question');
  await expect.poll(() => shown).toEqual(['so far']);
  await reconfigure({ channels: [optionsOf(old, { adapter: next.adapter })] });
  rest.resolve();
  await expect.poll(() => next.arrived.map(({ previewLost }) => previewLost)).toEqual([true]);
  expect(held).toEqual([]);
});
