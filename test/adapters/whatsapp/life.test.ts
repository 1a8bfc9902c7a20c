import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whatsapp } from '../../../adapters/whatsapp/index.ts';
import { chatId, platformMessageId } from '../../../src/contract/index.ts';
import { countStored } from '../../contract/stored-is-acked.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { bench, link, outbound, soon, world } from './harness.ts';

const { until } = countStored();

it('asks a person to scan a code once, and logs in by itself from then on', async () => {
  await using it = await bench();
  expect(it.asked).toEqual([
    {
      instruction: expect.objectContaining({ en: expect.stringContaining('scan this code') }),
      qr: expect.stringContaining('2@'),
      expiresAt: expect.any(Number),
    },
  ]);
  await it.restart();
  expect(it.asked).toHaveLength(1);
});

it('asks nobody when the login is in its folder', async () => {
  const its = await world({}, false);
  await link(its.whatsapp, its.folder);
  using host = new TestHost();
  const adapter = its.create();
  await adapter.start(host);
  expect(its.asked).toEqual([]);
  await adapter.stop();
  await its.dispose();
});

it('tells the platform that it has a message only when the journal has it, which outlives a crash', async () => {
  await using it = await bench();
  it.host.hold();
  const id = it.whatsapp.say(it.alice, 'keep me');
  await until(() => it.whatsapp.receipts.has(id), 'the receipt');
  expect(journalOf(it.folder)).toContain('keep me');
  expect(it.host.messages).toEqual([]);
  await it.restart();
  await it.host.until(() => it.host.messages.length === 1, 'the message out of the journal');
  expect(it.whatsapp.retries).toEqual([]);
});

it('gets what was said while it was away, once and in order', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, 'before');
  await it.host.until(() => it.host.messages.length === 1, 'the first message');
  await it.adapter.stop();
  for (const text of ['one', 'two', 'three']) it.whatsapp.say(it.alice, text);
  await it.restart();
  await it.host.until(() => it.host.messages.length === 4, 'what was said meanwhile');
  expect(it.host.messages.map(({ text }) => text)).toEqual(['before', 'one', 'two', 'three']);
});

it('stores a message once that comes twice', async () => {
  await using it = await bench();
  it.host.hold();
  const id = it.whatsapp.say(it.alice, 'once');
  it.whatsapp.redeliver();
  await until(() => it.whatsapp.receipts.has(id), 'the receipt');
  await it.restart();
  it.whatsapp.say(it.alice, 'last');
  await it.host.until(() => it.host.messages.at(-1)?.text === 'last', 'the last message');
  expect(it.host.messages.map(({ text }) => text)).toEqual(['once', 'last']);
});

it('talks in groups, and knows when it is called', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, 'just talking', it.group);
  const called = { text: '@915550100 help', contextInfo: { mentionedJid: ['915550100@lid'] } };
  it.whatsapp.say(it.bob, { extendedTextMessage: called }, it.group);
  await it.host.until(() => it.host.messages.length === 2, 'both messages');
  expect(it.host.messages).toMatchObject([
    { text: 'just talking', addressed: false, sender: { id: it.alice.jid, name: 'Alice' } },
    { text: 'help', addressed: true, sender: { id: it.bob.jid }, chat: { id: it.group, kind: 'group' } },
  ]);

  const chat = { id: chatId(it.group), kind: 'group' } as const;
  const replyTo = it.host.messages[1]?.platformId;
  await it.adapter.send(outbound('Of course', { chat, ...(replyTo && { replyTo }) }), soon());
  await it.adapter.send(outbound('And more', { chat }), soon());
  expect(it.whatsapp.seen.map(({ reader, text }) => [reader, text])).toEqual([
    [it.alice.jid, 'Of course'],
    [it.bob.jid, 'Of course'],
    [it.alice.jid, 'And more'],
    [it.bob.jid, 'And more'],
  ]);
  expect(it.whatsapp.seen[0]?.message.extendedTextMessage?.contextInfo?.participant).toBe(it.bob.jid);
});

it('hears of reactions, edits and deletions', async () => {
  await using it = await bench();
  const id = it.whatsapp.say(it.alice, 'Helo');
  const key = { id, remoteJid: '15550100@s.whatsapp.net', fromMe: true };
  it.whatsapp.say(it.alice, { protocolMessage: { key, type: 14, editedMessage: { conversation: 'Hello' } } });
  it.whatsapp.say(it.alice, { protocolMessage: { key, type: 0 } });
  it.whatsapp.say(it.alice, {
    reactionMessage: { key: { ...key, fromMe: false, id: '3EB0AA' }, text: '👍' },
  });
  await it.host.until(() => it.host.messages.length === 4, 'all of them');
  const of = it.host.messages[0]?.platformId;
  expect(it.host.messages.slice(1)).toMatchObject([
    { text: 'Hello', change: { kind: 'edit', of } },
    { text: '', change: { kind: 'deletion', of } },
    { text: '👍', change: { kind: 'reaction', of: 'me/3EB0AA' } },
  ]);
});

it('says who must do what when the phone unlinks it, and can be linked anew', async () => {
  await using it = await bench();
  it.whatsapp.revoke();
  await it.host.until(() => it.host.states.length === 1, 'the cut');
  await it.adapter.stop();
  await expect(it.adapter.start(it.host)).rejects.toMatchObject({
    kind: 'auth',
    hint: expect.stringContaining('link it again'),
  });
  await it.adapter.stop();
  await it.adapter.start(it.host);
  expect(it.asked).toHaveLength(2);
});

it('sends a message once when its receipt was lost and it is tried again after a restart', async () => {
  await using it = await bench();
  const message = outbound('once');
  it.whatsapp.failNext('accept and cut');
  await expect(it.adapter.send(message, soon())).rejects.toMatchObject({ kind: 'network', certain: false });
  await it.restart();
  await it.adapter.send({ ...message, possiblyRepeated: true }, soon());
  expect(it.whatsapp.seen.map(({ text }) => text)).toEqual(['once']);
});

it('sends again what a phone could not decrypt, also after a restart', async () => {
  await using it = await bench();
  await it.adapter.send(outbound('hard to read'), soon());
  const id = it.whatsapp.seen[0]?.id ?? '';
  await it.restart();
  it.whatsapp.askAgain(it.alice, id);
  await until(() => it.whatsapp.arrivals.get(id) === 2, 'the message to come again');
});

it('shows that it types, and that it no longer does', async () => {
  await using it = await bench();
  const work = new AbortController();
  const { chat, turn } = outbound('');
  it.adapter.startTyping?.(chat.id, turn, work.signal, platformMessageId('1'));
  await until(() => it.whatsapp.typing.length === 1, 'the sign');
  work.abort();
  await until(() => it.whatsapp.typing.length === 2, 'its end');
  expect(it.whatsapp.typing.map(({ state }) => state)).toEqual(['composing', 'paused']);
});

it('tells a network that is not there', async () => {
  const host = new TestHost();
  const adapter = await whatsapp.create({ web_socket_url: 'ws://127.0.0.1:1/' });
  await expect(adapter.start(host)).rejects.toMatchObject({ kind: 'network' });
  await adapter.stop();
  host[Symbol.dispose]();
});

it('asks for a code to be typed, where a phone number is given, and anew after a start that nobody answered', async () => {
  const its = await world({ pairing_phone_number: '+15550100' });
  const host = new TestHost();
  for (const times of [1, 2]) {
    const adapter = its.create();
    const starting = adapter.start(host).catch((error: unknown) => error);
    await until(() => its.asked.length === times, 'the code');
    await adapter.stop();
    expect(await starting).toMatchObject({ kind: 'network', certain: true });
  }
  const step = {
    instruction: expect.objectContaining({ en: expect.stringContaining('type this code') }),
    expiresAt: expect.any(Number),
  };
  expect(its.asked).toEqual(Array(2).fill({ ...step, code: expect.stringMatching(/^[0-9A-Z]{8}$/) }));
  expect(its.asked[0]?.code).not.toBe(its.asked[1]?.code);
  host[Symbol.dispose]();
  await its.dispose();
});

it('keeps the order in which things were said, also when the first could not be stored at once', async () => {
  await using it = await bench();
  it.host.rejectNext();
  it.whatsapp.say(it.alice, 'first');
  it.whatsapp.say(it.alice, 'second');
  await it.host.until(() => it.host.messages.length === 2, 'both messages');
  expect(it.host.messages.map(({ text }) => text)).toEqual(['first', 'second']);
});

it('takes only the options it knows', () => {
  expect(whatsapp.options.safeParse({}).success).toBe(true);
  expect(whatsapp.options.safeParse({ pairing_phone_number: '+15550100' }).success).toBe(true);
  expect(whatsapp.options.safeParse({ pairing_phone_number: 'mine' }).success).toBe(false);
  expect(whatsapp.options.safeParse({ web_socket_url: 'http://127.0.0.1' }).success).toBe(false);
  expect(whatsapp.options.safeParse({ token: 'x' }).success).toBe(false);
});

/** Everything in the channel's folder, as text. */
function journalOf(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.startsWith('whatsapp.sqlite'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
}

it('gives a receipt, and asks nobody, when a message comes again that was kept before', async () => {
  await using it = await bench();
  const id = it.whatsapp.say(it.alice, 'once');
  await until(() => it.whatsapp.receipts.has(id), 'the receipt');
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  it.whatsapp.receipts.clear();
  it.whatsapp.sayAgain(id);
  await until(() => it.whatsapp.receipts.has(id), 'another receipt');
  expect(it.whatsapp.retries).toEqual([]);
  expect(it.host.messages).toHaveLength(1);
});
