import { expect, it } from 'vitest';
import { aDiscord } from './harness.ts';

type Bench = Awaited<ReturnType<typeof aDiscord>>;

/** What was heard, each with the channel that its thread is in. */
const parents = ({ host }: Bench) => host.messages.map(({ text, chat }) => [text, chat.parent]);

it('tells in which channel a thread is that was there before, and in which a new one is', async () => {
  await using it = await aDiscord();
  const before = it.platform.thread(it.channel, 'before');
  const category = it.platform.channel(it.server, 'category', 4);
  it.channel.parent_id = category.id;
  await it.start();
  it.platform.say(it.alice, it.channel, 'one');
  it.platform.say(it.alice, before, 'two');
  await it.heard('one', 'two');
  expect(it.platform.requests.get('getChannel')).toBeUndefined();
  const after = it.platform.thread(it.channel, 'after');
  for (const text of ['three', 'four']) it.platform.say(it.alice, after, text);
  it.platform.say(it.alice, it.direct, 'five');
  await it.heard('one', 'two', 'three', 'four', 'five');
  expect(parents(it)).toEqual([
    ['one', undefined],
    ['two', it.channel.id],
    ['three', it.channel.id],
    ['four', it.channel.id],
    ['five', undefined],
  ]);
  expect(it.platform.requests.get('getChannel')).toBe(1);
});

it('asks when a session was resumed, of which Discord tells no channels, and again until it is told', async () => {
  await using it = await aDiscord();
  const thread = it.platform.thread(it.channel, 'thread');
  await it.start();
  await it.down();
  it.platform.fail('getChannel', { kind: 'status', status: 503 });
  it.platform.say(it.alice, thread, 'one');
  it.platform.say(it.alice, it.channel, 'two');
  await it.start();
  await it.heard('one', 'two');
  expect(it.gateway.resumed).toMatchObject([{ accepted: true }]);
  expect(parents(it)).toEqual([
    ['one', it.channel.id],
    ['two', undefined],
  ]);
});

it('takes what Discord does not show for no thread', async () => {
  await using it = await aDiscord();
  await it.start();
  const secret = it.platform.thread(it.channel, 'secret');
  it.platform.lock(secret, 403, 50_001);
  it.platform.say(it.alice, secret, 'one');
  it.platform.say(it.alice, secret, 'two');
  await it.heard('one', 'two');
  expect(parents(it)).toEqual([
    ['one', undefined],
    ['two', undefined],
  ]);
  expect(it.platform.requests.get('getChannel')).toBe(1);
});
