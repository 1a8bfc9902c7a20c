import { describe, expect, it } from 'vitest';
import type { ChannelError } from '../../../src/contract/index.ts';
import { openBench } from './harness.ts';

describe('coming in over the long connection', () => {
  it('a direct message, a mention in a group, a reaction and a recall', async () => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    const hello = fake.say(fake.world.alice, 'Hello');
    const mentions = [{ key: '@_user_1', id: fake.world.botId, name: 'Claw' }];
    fake.say(fake.world.team, '@_user_1 lunch?', { from: 'ou_tom', mentions });
    fake.react(hello, 'THUMBSUP');
    fake.recall(hello);
    await fake.until(() => fake.events.every(({ acked }) => acked), 'all acks');
    expect(host.messages).toMatchObject([
      { text: 'Hello', chat: { id: 'oc_alice', kind: 'direct' }, addressed: true },
      { text: 'lunch?', chat: { id: 'oc_team', kind: 'group' }, sender: { id: 'ou_tom' }, addressed: true },
      { text: '👍', chat: { id: 'oc_alice', kind: 'direct' }, change: { kind: 'reaction', of: hello.id } },
      { text: '', chat: { id: 'oc_alice' }, sender: { id: 'ou_alice' }, change: { kind: 'deletion' } },
    ]);
  });

  it('an event in many frames', async () => {
    await using bench = await openBench('websocket', (fake) => {
      fake.framesPerEvent = 7;
    });
    await bench.start();
    bench.fake.say(bench.fake.world.alice, '长'.repeat(500));
    await bench.fake.until(() => bench.fake.events.every(({ acked }) => acked), 'the ack');
    expect(bench.host.messages[0]?.text).toBe('长'.repeat(500));
  });

  it('an answer to the bot in a group, without a mention', async () => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    const { platformId = '' } = await bench.send(
      bench.outbound('Pizza or pasta?', { chat: { id: 'oc_team' as never, kind: 'group' } }),
    );
    fake.say(fake.world.team, 'Pizza', { parent: platformId });
    await host.until(() => host.messages.length === 1, 'the answer');
    expect(host.messages[0]).toMatchObject({
      addressed: true,
      replyTo: { platformId, text: 'Pizza or pasta?', sender: { id: fake.appId } },
    });
  });

  it('is refused, and comes again, while Feishu cannot say what is answered', async () => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    const question = fake.world.add(fake.world.team, { content: '{"text":"Who?"}' });
    fake.fail('message', { kind: 'status', status: 503 });
    fake.say(fake.world.team, 'Me', { parent: question.id });
    await fake.until(() => fake.events[0]?.acked === true, 'the ack');
    expect(fake.events[0]?.attempts).toBe(2);
    expect(host.messages[0]?.replyTo?.text).toBe('Who?');
  });

  it('what cannot be read is kept, and does not block what comes after it', async () => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    const broken = fake.say(fake.world.alice, '', { content: '{"text":' });
    const empty = fake.push('im.message.receive_v1', { sender: { sender_type: 'user' } });
    const strange = fake.push('im.message.reaction.created_v1', { operator_type: 'user' });
    fake.push('im.message.reaction.created_v1', {});
    fake.say(fake.world.alice, 'next');
    await fake.until(() => fake.events.every(({ acked }) => acked), 'all acks');
    expect(host.messages.map(({ text }) => text)).toEqual(['next']);
    expect(host.unreadable.map(({ dedupeKey }) => dedupeKey)).toEqual([broken.id, empty.id, strange.id]);
  });

  it('keeps the order of what is said', async () => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    const first = fake.world.add(fake.world.alice, { content: '{"text":"?"}' });
    // The first needs a question to Feishu, the second does not.
    fake.say(fake.world.alice, 'one', { parent: first.id });
    fake.say(fake.world.alice, 'two');
    await host.until(() => host.messages.length === 2, 'both');
    expect(host.messages.map(({ text }) => text)).toEqual(['one', 'two']);
  });
});

describe('the connection', () => {
  it('is told lost when pings are not answered', async () => {
    await using bench = await openBench('websocket', (fake) => {
      fake.answersPings = false;
    });
    const { fake, host } = bench;
    await bench.start();
    await host.until(() => host.states.length > 0, 'the loss');
    expect(host.states).toMatchObject([{ state: 'disconnected', error: { kind: 'network' } }]);
    expect(fake.pings).toBe(1);
  });

  it.each([
    ['a wrong secret', 'token', { code: 10014, msg: 'app secret invalid' }, 'auth'],
    ['an app without a bot', 'bot', { code: 11205, msg: 'app do not have bot' }, 'auth'],
    ['a refusal of the long connection', 'endpoint', { code: 514, msg: 'auth failed' }, 'auth'],
    ['too many connections', 'endpoint', { code: 1000040350, msg: 'exceed' }, 'unavailable'],
    ['a refusal with a part', 'endpoint', { code: 403, msg: 'forbidden', data: {} }, 'auth'],
  ] as const)('cannot be opened: %s', async (_, operation, body, kind) => {
    await using bench = await openBench();
    bench.fake.fail(operation, { kind: 'status', status: 200, body });
    const error = await bench.failureOf(bench.start());
    expect(error.kind).toBe(kind);
    expect(error.hint).toMatch(/^[A-Z].*\.$/);
    expect(bench.fake.connections).toBe(0);
  });

  it.each([
    ['token', { kind: 'drop' }],
    ['bot', { kind: 'malformed' }],
    ['endpoint', { kind: 'drop' }],
    ['endpoint', { kind: 'malformed' }],
    ['endpoint', { kind: 'status', status: 502 }],
  ] as const)('can be opened later: %s %j', async (operation, fault) => {
    await using bench = await openBench();
    bench.fake.fail(operation, fault);
    const error = await bench.failureOf(bench.start());
    expect(['network', 'unavailable']).toContain(error.kind);
    await bench.restart();
    expect(bench.fake.connections).toBe(1);
  });

  it.each(['token', 'bot', 'endpoint', 'history'])('stops while %s hangs', async (operation) => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    fake.say(fake.world.alice, 'Hello');
    await fake.until(() => fake.events[0]?.acked === true, 'the ack');
    await bench.pause();
    fake.fail(operation, { kind: 'hang' });
    const before = fake.requests.get(operation) ?? 0;
    const starting = bench.failureOf(bench.start());
    await fake.until(() => (fake.requests.get(operation) ?? 0) > before, 'the request');
    await bench.adapter.stop();
    expect((await starting) satisfies ChannelError).toMatchObject({ kind: 'network' });
    await fake.until(() => fake.connections === 0, 'no connection');
  });
});
