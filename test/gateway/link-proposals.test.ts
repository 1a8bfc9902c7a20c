import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCommands } from '../../src/commands/index.ts';
import {
  ChannelError,
  type ChannelId,
  type Contact,
  chatId,
  type InboundMessage,
  type SenderId,
  senderId,
} from '../../src/contract/index.ts';
import { EventBus } from '../../src/gateway/events.ts';
import { Housekeeper } from '../../src/gateway/housekeeper.ts';
import { openStore } from '../../src/store/index.ts';
import { textsIn } from '../../src/texts/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, ScriptedChannel, TestGateway } from './harness.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ANN: Contact = { phone: '+15550102' };

/** A channel that knows people by what stands in `contacts`. */
class KnowingChannel extends ScriptedChannel {
  readonly contacts: Map<string, Contact>;
  readonly asked: string[] = [];
  /** What happens to each question; by default it is answered. */
  onAsk: (sender: SenderId, signal: AbortSignal) => Promise<Contact>;

  constructor(id: string, contacts: Record<string, Contact>) {
    super(id, 'none', {
      capabilities: { contacts: ['phone', 'email'] },
      methods: {
        contactOf: (sender, signal) => {
          this.asked.push(sender);
          return this.onAsk(sender, signal);
        },
      },
    });
    this.contacts = new Map(Object.entries(contacts));
    this.onAsk = async (sender) => this.contacts.get(sender) ?? {};
  }
}

let folder: ReturnType<typeof emptyFolder>;
let one: KnowingChannel;
let two: KnowingChannel;
let three: KnowingChannel;
let hub: TestGateway;
let stop: () => Promise<void>;
/** What was logged about the channels. */
let logged: unknown[];

beforeEach(() => {
  folder = emptyFolder();
  one = new KnowingChannel('one', { ann: ANN });
  two = new KnowingChannel('two', { anna: ANN });
  three = new KnowingChannel('three', { annie: ANN });
});
afterEach(async () => {
  vi.useRealTimers();
  await stop();
  folder[Symbol.dispose]();
});

const pair = (a: KnowingChannel, b: KnowingChannel): [ChannelId, ChannelId] => [a.id, b.id];

/** The agent repeats all that it was told in this conversation. */
async function start(options: ConstructorParameters<typeof TestGateway>[3] = {}): Promise<void> {
  const agent = agentOf(({ history, messages }) =>
    [...history.filter(({ role }) => role === 'user'), ...messages].map(({ text }) => text).join(' '),
  );
  hub = new TestGateway(folder.path, [one, two, three], agent, {
    commands: createCommands,
    proposeLinks: [pair(one, two)],
    ...options,
  });
  stop = async () => {
    stop = async () => {};
    await hub.stop();
  };
  logged = [];
  hub.gateway.events.on('channel.log', (line) => logged.push(line));
  await hub.gateway.start();
  await hub.untilConnected(3);
}

/** Somebody writes, and hears so many things. */
async function hear(
  channel: ScriptedChannel,
  chat: string,
  text: string,
  count = 1,
  more: Partial<InboundMessage> = {},
): Promise<string[]> {
  const before = channel.textsIn(chat).length;
  await channel.say(chat, text, more);
  while (channel.textsIn(chat).length < before + count) {
    await hub.until('outbound.sent', hub.count('outbound.sent') + 1);
  }
  return channel.textsIn(chat).slice(before);
}

/** Whatever the gateway had in mind to say by now, it has said. */
async function quiet(channel: ScriptedChannel, chat: string): Promise<void> {
  await hear(channel, chat, '.');
  await hear(channel, chat, '.');
}

/** What was proposed on a channel. */
const proposedOn = (channel: ScriptedChannel) =>
  channel.arrived.map(({ body }) => body.text).filter((text) => text.startsWith('It seems'));

const codeIn = (texts: readonly string[]) => /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(texts.join(' '))?.[0] ?? '';
const { samePerson } = textsIn('en').chat;

function rows(query: string): unknown[] {
  const db = new Database(join(folder.path, 'gateway.db'), { readonly: true });
  try {
    return db.prepare(query).all();
  } finally {
    db.close();
  }
}

test('who is known by the same number on two channels has one conversation, once they have said so', async () => {
  await start();
  await hear(one, 'ann', 'a');
  const said = await hear(two, 'anna', 'b', 2);
  expect(said.toSorted()).toEqual(['b', samePerson.lookThere('one', 10)].toSorted());
  const code = codeIn(one.textsIn('ann'));
  expect(one.textsIn('ann')).toEqual(['a', samePerson.code('two', code, 10)]);
  // Until then they are two, however much they write.
  expect(await hear(two, 'anna', 'c')).toEqual(['b c']);
  await hear(two, 'anna', `!link ${code}`);
  expect(await hear(one, 'ann', 'd')).toEqual(['a b c d']);
  expect([one.asked, two.asked]).toEqual([['ann'], ['anna']]);
});

test('the code is said only where the other one reads: who was given the number of somebody else learns nothing', async () => {
  await start();
  await hear(one, 'ann', 'my secret');
  const said = await hear(two, 'anna', 'b', 2);
  expect(codeIn(said)).toBe('');
  expect(await hear(two, 'anna', 'c')).toEqual(['b c']);
});

test('an e-mail address does as well; nothing in common does not', async () => {
  one.contacts.set('ann', { email: 'ann@example.org' }).set('bob', { phone: '+15550103' }).set('eve', {});
  two.contacts.set('anna', { email: 'ann@example.org' }).set('rob', { phone: '+15550104' }).set('eva', {});
  await start();
  for (const name of ['ann', 'bob', 'eve']) await hear(one, name, 'a');
  for (const name of ['rob', 'eva']) {
    await hear(two, name, 'b');
    await quiet(two, name);
  }
  expect(await hear(two, 'anna', 'b', 2)).toContain(samePerson.lookThere('one', 10));
  expect([one.textsIn('bob'), one.textsIn('eve')]).toEqual([['a'], ['a']]);
  expect(two.arrived.filter(({ body }) => body.text.includes('code')).map(({ chat }) => chat.id)).toEqual([
    'anna',
  ]);
});

test('nobody is asked about where the owner did not say so, nor in groups', async () => {
  await start({ proposeLinks: [] });
  await hear(one, 'ann', 'a');
  await hear(two, 'anna', 'b');
  await quiet(two, 'anna');
  await stop();
  await start();
  const group = { chat: { id: chatId('g'), kind: 'group' as const }, sender: { id: senderId('anna') } };
  await hear(two, 'g', 'c', 1, group);
  await hear(three, 'annie', 'd');
  await quiet(three, 'annie');
  expect([one.asked, two.asked, three.asked]).toEqual([[], [], []]);
});

test('a stranger is not asked about, and who is no longer heard is not found', async () => {
  await start({ access: { dmPolicy: 'allowlist', allowFrom: ['ann', 'bob'] } });
  await hear(one, 'ann', 'a');
  await two.say('anna', 'b');
  await quiet(one, 'ann');
  expect(two.asked).toEqual([]);
  await stop();
  await start({ access: { dmPolicy: 'allowlist', allowFrom: ['anna'] } });
  await hear(two, 'anna', 'c');
  await quiet(two, 'anna');
  expect([two.asked, two.textsIn('anna').length, one.textsIn('ann').length]).toEqual([['anna'], 3, 3]);
});

test('nobody waits for an adapter that does not answer, and the gateway ends all the same', async () => {
  one.onAsk = (_sender, signal) => new Promise((_, reject) => signal.addEventListener('abort', reject));
  await start();
  expect(await hear(one, 'ann', 'a')).toEqual(['a']);
  expect(one.asked).toEqual(['ann']);
});

test('what an adapter cannot tell is logged once, and asked again after an hour', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  two.onAsk = () => Promise.reject(new ChannelError('rejected', 'no scope', { hint: 'Add it.' }));
  await start();
  await hear(one, 'ann', 'a');
  for (const name of ['anna', 'bob']) await hear(two, name, 'b');
  await quiet(two, 'anna');
  expect(two.asked).toEqual(['anna', 'bob']);
  expect(logged).toMatchObject([
    { channel: 'two', level: 'warn', fields: { reason: 'no scope', hint: 'Add it.' } },
  ]);
  two.onAsk = async () => ANN;
  vi.advanceTimersByTime(HOUR + 1);
  expect(await hear(two, 'anna', 'c', 2)).toContain(samePerson.lookThere('one', 10));
});

test('it is proposed once, also to who does not take it up, and never to who was unlinked', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  three.contacts.delete('annie');
  await start({ proposeLinks: [pair(one, two), pair(one, three), pair(two, three)] });
  await hear(one, 'ann', 'a');
  await hear(two, 'anna', 'b', 2);
  vi.advanceTimersByTime(31 * DAY);
  for (const [channel, name] of [
    [one, 'ann'],
    [two, 'anna'],
  ] as const)
    await quiet(channel, name);
  expect([one.asked, two.asked]).toEqual([
    ['ann', 'ann'],
    ['anna', 'anna'],
  ]);
  expect([proposedOn(one).length, proposedOn(two).length]).toEqual([1, 1]);

  // Linked and unlinked by hand, on a channel that could not tell then.
  const code = codeIn(await hear(three, 'annie', '/link'));
  await hear(one, 'ann', `/link ${code}`);
  await hear(one, 'ann', '/unlink');
  three.contacts.set('annie', ANN);
  vi.advanceTimersByTime(31 * DAY);
  await hear(one, 'ann', 'c');
  await quiet(three, 'annie');
  expect(three.asked).toEqual(['annie']);
  expect(proposedOn(three)).toEqual([]);
});

test('who is unlinked from one stays apart from all who are that person', async () => {
  await start({ proposeLinks: [pair(one, three)] });
  const code = codeIn(await hear(two, 'anna', '/link'));
  await hear(three, 'annie', `/link ${code}`);
  // Now one:ann is apart from two:anna, and so from three:annie.
  await hear(one, 'ann', `/link ${codeIn(await hear(two, 'anna', '/link'))}`);
  await hear(one, 'ann', '/unlink');
  await hear(three, 'annie', 'a');
  await hear(one, 'ann', 'b');
  await quiet(one, 'ann');
  expect(one.asked).toEqual(['ann']);
  expect([proposedOn(one), proposedOn(three)]).toEqual([[], []]);
});

test('nothing is proposed to who is one person already', async () => {
  await start();
  await hear(one, 'ann', `/link ${codeIn(await hear(two, 'anna', '/link'))}`);
  await quiet(one, 'ann');
  await quiet(two, 'anna');
  expect([one.asked, two.asked]).toEqual([['ann'], ['anna']]);
  expect([proposedOn(one), proposedOn(two)]).toEqual([[], []]);
});

test('nothing is proposed across channels that are no pair', async () => {
  await start({ proposeLinks: [pair(one, two), pair(two, three)] });
  await hear(one, 'ann', 'a');
  await quiet(three, 'annie');
  expect([one.textsIn('ann').length, three.textsIn('annie').length]).toEqual([1, 2]);
});

test('what was told long ago counts no more: the number may be somebody else by now', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await start();
  await hear(one, 'ann', 'a');
  vi.advanceTimersByTime(31 * DAY);
  await hear(two, 'anna', 'b');
  await quiet(two, 'anna');
  expect(two.textsIn('anna').length).toBe(3);
  expect(await hear(one, 'ann', 'c', 2)).toContain(samePerson.lookThere('two', 10));
  expect(one.asked).toEqual(['ann', 'ann']);
});

test('both are told in their own language', async () => {
  await start();
  await hear(one, 'ann', 'a', 1, { sender: { id: senderId('ann'), language: 'zh-CN' } });
  await hear(two, 'anna', 'b', 2);
  const code = codeIn(one.textsIn('ann'));
  expect(one.textsIn('ann')).toContain(textsIn('zh').chat.samePerson.code('two', code, 10));
  expect(two.textsIn('anna')).toContain(samePerson.lookThere('one', 10));
});

test('numbers and addresses are kept for a month, not of who is denied, and not once the owner has changed his mind', async () => {
  const kept = () => rows('SELECT sender FROM contacts ORDER BY sender');
  vi.useFakeTimers({ toFake: ['Date'] });
  await start();
  await hear(one, 'ann', 'a');
  await hear(two, 'anna', 'b', 2);
  await hear(two, 'bob', 'c');
  await quiet(two, 'bob');
  expect(kept()).toEqual([{ sender: 'ann' }, { sender: 'anna' }, { sender: 'bob' }]);
  const { people } = hub.gateway.operations;
  await people.change(() => people.deny(two.id, senderId('bob'), 'cli'));
  expect(kept()).toEqual([{ sender: 'ann' }, { sender: 'anna' }]);
  await stop();
  await start({ proposeLinks: [pair(one, three)] });
  await expect.poll(kept).toEqual([{ sender: 'ann' }]);
  await stop();
  for (const [days, left] of [
    [29, 1],
    [30, 0],
  ] as const) {
    const store = openStore(folder.path);
    const housekeeper = new Housekeeper(store, new EventBus(), { messages: DAY, files: DAY });
    await housekeeper.tidy(Date.now() + days * DAY);
    await store.close();
    expect(kept()).toHaveLength(left);
  }
});

test('nothing that can be observed holds a number', async () => {
  const seen: string[] = [];
  await start();
  const { emit } = hub.gateway.events;
  hub.gateway.events.emit = function (name, event) {
    seen.push(JSON.stringify(event));
    emit.call(this, name, event);
  };
  await hear(one, 'ann', 'a');
  await hear(two, 'anna', 'b', 2);
  await hear(two, 'anna', `/link ${codeIn(one.textsIn('ann'))}`);
  expect(seen.join()).not.toContain('5550102');
  const kept = ['inbox', 'outbox', 'deeds', 'turns'].map((table) => rows(`SELECT * FROM ${table}`));
  expect(JSON.stringify(kept)).not.toContain('5550102');
  expect(JSON.stringify(rows('SELECT * FROM contacts'))).toContain('5550102');
});
