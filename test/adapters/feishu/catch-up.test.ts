import { describe, expect, it } from 'vitest';
import { openBench } from './harness.ts';

const texts = (bench: Awaited<ReturnType<typeof openBench>>) => bench.host.messages.map(({ text }) => text);

/** To be stored too early. */
async function timeEnough({ url }: { readonly url: string }): Promise<void> {
  for (let n = 0; n < 5; n++) await fetch(`${url}/there-and-back`);
}

describe('after a gap', () => {
  it('fetches what was said in every chat, each message once', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    const { alice, team } = fake.world;
    await bench.start();
    fake.say(alice, 'a1');
    fake.say(team, 't1');
    await fake.until(() => fake.events.every(({ acked }) => acked), 'the acks');
    await bench.pause();
    fake.say(alice, 'a2', { lost: true });
    fake.say(alice, 'a3', { lost: true });
    fake.say(alice, 'taken back', { lost: true, deleted: true });
    fake.say(team, 'of another bot', { lost: true, from: 'cli_fedcba9876543210' });
    fake.say(team, 'of ours', { lost: true, from: fake.appId });
    fake.say(team, 'Tom joined', { lost: true, type: 'system', from: '' });
    fake.say(team, 't3', { lost: true });
    await bench.start();
    expect(texts(bench)).toEqual(['a1', 't1', 'a2', 'a3', 'of another bot', 't3']);
    expect(bench.host.messages[4]?.sender).toEqual({ id: 'cli_fedcba9876543210', bot: true });
    expect(bench.host.unreadable).toEqual([]);
    expect(bench.host.messages.at(-1)?.chat).toEqual({ id: 'oc_team', kind: 'group' });
    await bench.restart();
    expect(texts(bench)).toHaveLength(6);
  });

  it('reads on from page to page', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    fake.say(fake.world.alice, '0');
    await fake.until(() => fake.events[0]?.acked === true, 'the ack');
    await bench.pause();
    for (let n = 1; n <= 120; n++) fake.say(fake.world.alice, `${n}`, { lost: true });
    await bench.start();
    expect(texts(bench)).toEqual(Array.from({ length: 121 }, (_, n) => `${n}`));
  });

  it('finds threads, old and new', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    const { team } = fake.world;
    await bench.start();
    const old = fake.say(team, 'old', { thread: 'omt_old' });
    const other = fake.say(team, 'other');
    await fake.until(() => fake.events.every(({ acked }) => acked), 'the acks');
    await bench.pause();
    fake.say(team, 'in old', { lost: true, thread: 'omt_old', parent: old.id });
    other.thread = 'omt_new';
    fake.say(team, 'in new', { lost: true, thread: 'omt_new', parent: other.id });
    await bench.start();
    const chats = bench.host.messages.map(({ text, chat: { id } }) => [text, id]);
    expect(chats).toContainEqual(['in old', 'oc_team:omt_old']);
    expect(chats).toContainEqual(['in new', 'oc_team:omt_new']);
    expect(chats).toHaveLength(4);
  });

  it('comes before what is said after it', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    const chats = Array.from({ length: 6 }, (_, n) => fake.world.open(`oc_${n}`, 'group'));
    await bench.start();
    for (const chat of chats) fake.say(chat, 'before');
    await fake.until(() => fake.events.every(({ acked }) => acked), 'the acks');
    await bench.pause();
    for (const chat of chats) fake.say(chat, 'missed', { lost: true });
    const letGo = bench.host.hold();
    const starting = bench.start();
    await bench.host.until(() => bench.host.offers === 1, 'the first of the missed ones');
    fake.say(chats[5] ?? expect.fail(), 'after');
    await timeEnough(fake);
    letGo();
    await starting;
    await fake.until(() => fake.events.every(({ acked }) => acked), 'the acks');
    expect(texts(bench).slice(-2)).toEqual(['missed', 'after']);
    expect(texts(bench)).toHaveLength(13);
  });

  it('is tried again when it could not be stored', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    fake.say(fake.world.alice, '1');
    await fake.until(() => fake.events[0]?.acked === true, 'the ack');
    await bench.pause();
    fake.say(fake.world.alice, '2', { lost: true });
    bench.host.rejectNext();
    await bench.failureOf(bench.start());
    expect(texts(bench)).toEqual(['1']);
    await bench.restart();
    expect(texts(bench)).toEqual(['1', '2']);
  });

  it('lets nothing before it when it fails', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    const { alice } = fake.world;
    await bench.start();
    fake.say(alice, '1');
    await fake.until(() => fake.events[0]?.acked === true, 'the ack');
    await bench.pause();
    fake.say(alice, 'missed', { lost: true });
    bench.host.rejectNext();
    const letGo = bench.host.hold();
    const starting = bench.failureOf(bench.start());
    await bench.host.until(() => bench.host.offers === 1, 'the missed one');
    fake.say(alice, 'newer');
    await timeEnough(fake);
    letGo();
    await starting;
    await timeEnough(fake);
    await bench.restart();
    await fake.until(() => fake.events.every(({ acked }) => acked), 'the ack');
    expect(texts(bench)).toEqual(['1', 'missed', 'newer']);
  });

  it('goes on without a chat that may not be read', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    fake.say(fake.world.team, 't1');
    fake.say(fake.world.alice, 'a1');
    await fake.until(() => fake.events.every(({ acked }) => acked), 'the acks');
    await bench.pause();
    fake.world.remove(fake.world.team);
    fake.say(fake.world.alice, 'a2', { lost: true });
    await bench.start();
    expect(texts(bench)).toEqual(['t1', 'a1', 'a2']);
  });

  it('is not needed at the first start', async () => {
    await using bench = await openBench();
    bench.fake.say(bench.fake.world.alice, 'long ago', { lost: true });
    await bench.start();
    expect(bench.fake.requests.get('history')).toBeUndefined();
  });
});
