import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../../src/contract/index.ts';
import { groupChat } from '../../platforms/imessage.ts';
import { ALICE, type Bench, bench } from './harness.ts';

describe('polling', () => {
  it('leaves alone what was there before the first start', async () => {
    await using b = await bench();
    b.server.say(ALICE, 'old');
    await b.adapter.start(b.host);
    b.server.say(ALICE, 'new');
    await b.host.until(() => b.host.messages.length > 0, 'the new message');
    expect(b.texts()).toEqual(['new']);
  });

  it('leaves alone what was written before, and comes to the Mac only now', async () => {
    await using b = await bench();
    const { dateCreated } = b.server.say(ALICE, 'the latest');
    await b.adapter.start(b.host);
    b.server.say(ALICE, 'history from the cloud', { dateCreated: dateCreated - 86_400_000 });
    b.server.say(ALICE, 'new');
    await b.host.until(() => b.host.messages.length > 0, 'the new message');
    expect(b.texts()).toEqual(['new']);
  });

  it('takes what was written earlier than another that came before it', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const earlier = b.server.now();
    b.server.say(ALICE, 'second');
    await b.host.until(() => b.host.messages.length === 1, 'the one');
    b.server.say(ALICE, 'first, but late', { dateCreated: earlier });
    await b.host.until(() => b.host.messages.length === 2, 'the late one');
    expect(b.texts()).toEqual(['second', 'first, but late']);
  });

  it('finds a row that is put into its chat after later ones were read', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const row = b.server.say(ALICE, 'slow', { chats: [] });
    b.server.say(ALICE, 'quick');
    await b.host.until(() => b.host.messages.length === 1, 'the quick one');
    Object.assign(row, { chats: b.server.rows.at(-1)?.chats });
    await b.host.until(() => b.host.messages.length === 2, 'the slow one');
    expect(b.texts()).toEqual(['quick', 'slow']);
  });

  it('offers nothing twice', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.server.say(ALICE, 'once');
    await b.host.until(() => b.host.messages.length === 1, 'the message');
    const { offers } = b.host;
    await b.polled();
    expect(b.host.offers).toBe(offers);
  });

  it('catches up with any number of messages, in whatever order they were written', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    await b.stop();
    const written = Array.from({ length: 450 }, () => b.server.now());
    for (const [index, dateCreated] of written.toReversed().entries()) {
      b.server.say(ALICE, String(index), { dateCreated });
    }
    await b.adapter.start(b.host);
    await b.host.until(() => b.host.messages.length === 450, 'all messages');
    expect(b.texts().toSorted((a, z) => Number(a) - Number(z))).toEqual(
      written.map((_, index) => String(index)),
    );
  });

  it('fetches again what could not be stored', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.host.rejectNext();
    b.server.say(ALICE, 'keep me');
    await b.host.until(() => b.host.messages.length === 1, 'the message');
    expect(b.texts()).toEqual(['keep me']);
  });

  it('notes edits and what is taken back, each once', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const row = b.server.say(ALICE, 'Hello');
    await b.host.until(() => b.host.messages.length === 1, 'the message');
    b.server.edit(row, 'Hello!');
    await b.host.until(() => b.host.messages.length === 2, 'the edit');
    b.server.unsend(row);
    await b.host.until(() => b.host.messages.length === 3, 'the end of it');
    await b.polled();
    expect(b.host.messages.map(({ text, change }) => [text, change?.kind])).toEqual([
      ['Hello', undefined],
      ['Hello!', 'edit'],
      ['', 'deletion'],
    ]);
  });

  it('works on a Mac that knows no edits', async () => {
    await using b = await bench();
    b.server.osVersion = '12.7.1';
    await b.adapter.start(b.host);
    b.server.say(ALICE, 'Hello');
    await b.host.until(() => b.host.messages.length === 1, 'the message');
    expect(b.host.states).toEqual([]);
  });

  it('looks up what a message answers', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const chats = [groupChat('chat123', 'Friends')];
    const ours = b.server.add({ text: 'Really?', isFromMe: true, chats });
    b.server.say(ALICE, 'yes', { chats, threadOriginatorGuid: ours.guid });
    b.server.say(ALICE, 'no', { chats, threadOriginatorGuid: 'gone' });
    await b.host.until(() => b.host.messages.length === 2, 'both replies');
    expect(b.host.messages).toMatchObject([
      { addressed: true, replyTo: { platformId: ours.guid, text: 'Really?' } },
      { addressed: false, replyTo: { platformId: 'gone' } },
    ]);
  });

  it('hands on what cannot be read, and goes on', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const row = b.server.say(ALICE, 'x', { handle: null });
    b.server.say(ALICE, 'readable');
    await b.host.until(() => b.host.messages.length === 1, 'the readable one');
    expect(b.host.unreadable).toMatchObject([{ dedupeKey: row.guid, error: 'a message without a sender' }]);
  });
});

describe('a connection', () => {
  it.each([
    ['is cut', (b: Bench) => b.server.fail('message/query', { kind: 'drop' }), { kind: 'network' }],
    [
      'gives nonsense',
      (b: Bench) => b.server.fail('message/query', { kind: 'malformed' }),
      { kind: 'unavailable' },
    ],
    ['hangs', (b: Bench) => b.server.fail('message/query', { kind: 'hang' }), { kind: 'network' }],
    [
      'is refused since the password was changed',
      (b: Bench) => {
        b.server.password = 'another';
      },
      { kind: 'auth', hint: expect.stringContaining('password') },
    ],
  ])('that %s is reported, and the next one brings what was missed', async (_, breakIt, error) => {
    await using b = await bench({ queryMs: 1000 });
    await b.adapter.start(b.host);
    breakIt(b);
    b.server.say(ALICE, 'meanwhile');
    await b.host.until(() => b.host.states.length === 1, 'the report');
    expect(b.host.states[0]).toMatchObject({ state: 'disconnected', error });
    b.server.password = b.options.password;
    await b.stop();
    await b.adapter.start(b.host);
    await b.host.until(() => b.host.messages.length === 1, 'what was said meanwhile');
  });

  const starts: [string, (b: Bench) => unknown, object][] = [
    ['the server is not there', (b) => b.server.stop(), { kind: 'network', hint: expect.any(String) }],
    ['the password is wrong', (b) => Object.assign(b.server, { password: 'another' }), { kind: 'auth' }],
    [
      'it is no BlueBubbles',
      (b) => b.server.fail('server/info', { kind: 'status', status: 200 }),
      { kind: 'unavailable' },
    ],
    [
      'it redirects',
      (b) => b.server.fail('server/info', redirect),
      { kind: 'auth', hint: expect.any(String) },
    ],
    [
      'it is in trouble',
      (b) => b.server.fail('server/info', { kind: 'status', status: 502 }),
      { kind: 'unavailable' },
    ],
    ['it does not answer', (b) => b.server.fail('server/info', { kind: 'hang' }), { kind: 'network' }],
  ];
  it.each(starts)('tells at the start when %s', async (_, breakIt, expected) => {
    await using b = await bench({ queryMs: 1000 });
    await breakIt(b);
    const error = await b.adapter.start(b.host).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChannelError);
    expect(error).toMatchObject(expected);
  });
});

const redirect = { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } } as const;
