import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ChannelError } from '../../../src/contract/index.ts';
import { dataMessage, eventOf } from '../../platforms/signal.ts';
import { ALICE, bench } from './harness.ts';

it('stores what came while nobody listened, in the order in which it came', async () => {
  await using b = await bench();
  for (const text of ['one', 'two', 'three']) b.daemon.say(ALICE, text);
  await b.adapter.start(b.host);
  await b.host.until(() => b.host.messages.length === 3, 'three messages');
  expect(b.host.messages.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

it('stores a redelivered event once', async () => {
  await using b = await bench();
  await b.adapter.start(b.host);
  b.daemon.deliver(b.daemon.say(ALICE, 'once'));
  b.daemon.say(ALICE, 'last');
  await b.host.until(() => b.host.messages.at(-1)?.text === 'last', 'the last message');
  expect(b.host.messages.map(({ text }) => text)).toEqual(['once', 'last']);
});

it('reads nothing on while a message cannot be stored, and loses none', async () => {
  await using b = await bench();
  await b.adapter.start(b.host);
  b.host.rejectNext(2);
  b.daemon.say(ALICE, 'first');
  await b.host.until(() => b.host.offers === 1, 'the first offer');
  b.daemon.say(ALICE, 'second');
  await b.host.until(() => b.host.messages.length === 2, 'both messages');
  expect(b.host.messages.map(({ text }) => text)).toEqual(['first', 'second']);
});

it('keeps on disk what it could not store before a stop, and offers it at the next start', async () => {
  await using b = await bench();
  await b.adapter.start(b.host);
  b.host.hold();
  b.daemon.say(ALICE, 'keep me');
  await b.host.until(() => b.host.offers === 1, 'the offer');
  await b.restart();
  await b.host.until(() => b.host.messages.length === 1, 'the message');
  expect(b.host.messages[0]?.text).toBe('keep me');
  expect(readdirSync(b.folder)).toEqual([]);
});

it('keeps also what was on its way when it was told to stop', async () => {
  await using b = await bench();
  await b.adapter.start(b.host);
  b.host.hold();
  b.daemon.say(ALICE, 'one');
  await b.host.until(() => b.host.offers === 1, 'the offer');
  for (const text of ['two', 'three', 'four']) b.daemon.say(ALICE, text);
  await b.restart();
  await b.host.until(() => b.host.messages.length === 4, 'all four');
  expect(b.host.messages.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
});

it('stops also while the disk hangs', async () => {
  await using b = await bench();
  await b.adapter.start(b.host);
  b.host.hold();
  b.daemon.say(ALICE, 'keep me');
  await b.host.until(() => b.host.offers === 1, 'the offer');
  await b.adapter.stop();
  expect(readdirSync(b.folder)).toEqual(['unstored.jsonl']);
});

it('hands on what cannot be read, and goes on', async () => {
  await using b = await bench();
  await b.adapter.start(b.host);
  b.daemon.writeRaw('event:receive\ndata:{"account":\n\n');
  b.daemon.deliver({
    ...eventOf(b.daemon.account.number, ALICE, 1, {}),
    exception: { message: 'invalid', type: 'ProtocolInvalidMessageException' },
  });
  b.daemon.say(ALICE, 'readable');
  await b.host.until(() => b.host.messages.length === 1, 'the readable one');
  expect(b.host.unreadable).toHaveLength(2);
  expect(b.host.unreadable[1]).toMatchObject({
    dedupeKey: expect.any(String),
    payload: expect.stringContaining('ProtocolInvalidMessageException'),
    error: expect.stringContaining('could not decrypt'),
  });
});

it('reads an event that is cut within a letter, and takes no comment for one', async () => {
  await using b = await bench();
  await b.adapter.start(b.host);
  const encode = (text: string, timestamp: number) => {
    const event = eventOf(b.daemon.account.number, ALICE, timestamp, {
      dataMessage: dataMessage(timestamp, text),
    });
    return Buffer.from(`event:receive\ndata:${JSON.stringify(event)}\n\n`);
  };
  const second = encode('grün', 2);
  const cut = second.indexOf('ü') + 1;
  b.daemon.keepAlive();
  b.daemon.writeRaw(Buffer.concat([encode('first', 1), second.subarray(0, cut)]));
  await b.host.until(() => b.host.messages.length === 1, 'the first message');
  b.daemon.writeRaw(second.subarray(cut));
  await b.host.until(() => b.host.messages.length === 2, 'the second message');
  expect(b.host.messages.map(({ text }) => text)).toEqual(['first', 'grün']);
  expect(b.host.unreadable).toEqual([]);
});

it.each([
  ['the connection is cut', (b: Bench) => b.daemon.cut()],
  ['the daemon shuts down', (b: Bench) => b.daemon.endStreams()],
])('reports when %s, and gets what was said meanwhile', async (_, breakIt) => {
  await using b = await bench();
  await b.adapter.start(b.host);
  breakIt(b);
  await b.host.until(() => b.host.states.length === 1, 'the report');
  expect(b.host.states[0]).toMatchObject({ state: 'disconnected', error: { kind: 'network' } });
  await b.daemon.until(() => b.daemon.listeners === 0, 'nobody to listen');
  b.daemon.say(ALICE, 'meanwhile');
  await b.restart();
  await b.host.until(() => b.host.messages.length === 1, 'what was said meanwhile');
});
type Bench = Awaited<ReturnType<typeof bench>>;

it('reports a daemon that is silent for too long', async () => {
  await using b = await bench({ silenceMs: 1000 });
  await b.adapter.start(b.host);
  await b.host.until(() => b.host.states.length === 1, 'the report');
  expect(b.host.states[0]).toMatchObject({
    error: { kind: 'network', message: 'nothing heard from signal-cli for 1 s' },
  });
});

const starts: [string, (b: Bench) => unknown, object][] = [
  [
    'there is no daemon',
    (b) => b.daemon.stop(),
    { kind: 'network', hint: expect.stringContaining('Start it') },
  ],
  [
    'the account is not on it',
    (b) => (b.daemon.registered = false),
    { kind: 'auth', hint: expect.any(String) },
  ],
  ['it wants to be called otherwise', (b) => failStart(b, 421), { kind: 'auth', hint: expect.any(String) }],
  ['a proxy sends us elsewhere', (b) => failStart(b, 302), { kind: 'auth' }],
  ['it is in trouble', (b) => failStart(b, 503), { kind: 'unavailable' }],
  ['it does not answer', (b) => b.daemon.fail('events', { kind: 'hang' }), { kind: 'network' }],
];
function failStart(b: Bench, status: number): void {
  // Twice, because `fetch` itself asks a second time after 421.
  b.daemon.fail('events', { kind: 'status', status, headers: { location: 'http://127.0.0.1:1/' } }, 2);
}

it.each(starts)('tells at the start when %s', async (_, breakIt, expected) => {
  await using b = await bench({ silenceMs: 1000 });
  await breakIt(b);
  const error = await b.adapter.start(b.host).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ChannelError);
  expect(error).toMatchObject(expected);
});
