import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { discord } from '../../../adapters/discord/index.ts';
import { Intent } from '../../platforms/discord-gateway.ts';
import { aDiscord, failureOf, outbound, soon } from './harness.ts';

describe('to connect', () => {
  it('asks for the content of all messages, where the switch is on', async () => {
    await using it = await aDiscord();
    await it.start();
    expect(it.gateway.identified).toHaveLength(1);
    expect((it.gateway.identified[0]?.intents ?? 0) & Intent.messageContent).not.toBe(0);
    it.platform.say(it.alice, it.channel, 'not for you');
    await it.heard('not for you');
    expect(it.host.messages[0]).toMatchObject({ text: 'not for you', addressed: false });
    expect(it.logged).toEqual([]);
  });

  it('does without, where the switch is off, and says which one it is', async () => {
    await using it = await aDiscord();
    it.platform.messageContentIntent = false;
    await it.start();
    expect(it.logged.join()).toContain('Message Content Intent');
    it.platform.say(it.alice, it.channel, 'not for you');
    it.platform.say(it.alice, it.channel, `<@${it.platform.bot.id}> for you`);
    it.platform.say(it.alice, it.direct, 'hello');
    await it.heard('', 'for you', 'hello');
    expect(it.texts()).toEqual(['', 'for you', 'hello']);
  });

  it('asks again after a restart: the switch may be on by then', async () => {
    await using it = await aDiscord();
    it.platform.messageContentIntent = false;
    await it.start();
    it.platform.messageContentIntent = true;
    await it.again();
    it.platform.say(it.alice, it.channel, 'not for you');
    await it.heard('not for you');
    expect(it.texts()).toEqual(['not for you']);
  });

  it('tells a person which switch it is, when Discord refuses the intent all the same', async () => {
    await using it = await aDiscord();
    it.platform.messageContentIntent = false;
    it.platform.claimsMessageContentIntent = true;
    const error = await failureOf(it.start());
    expect(error).toMatchObject({ kind: 'auth', hint: expect.stringContaining('Message Content Intent') });
  });

  it.each([
    ['by the API', true],
    ['by the gateway', false],
  ])('says how to renew a token that is refused %s', async (_, byApi) => {
    await using it = await aDiscord();
    if (byApi) it.platform.token = 'another-fake-token';
    else it.gateway.refuseIdentify.push(4004);
    const error = await failureOf(it.start());
    expect(error).toMatchObject({ kind: 'auth', hint: expect.stringContaining('Reset Token') });
    expect(JSON.stringify([error.message, error.hint, error.cause, it.logged])).not.toContain(
      'fake-bot-token',
    );
  });

  it.each([
    [4011, 'auth'],
    [4013, 'auth'],
    [4000, 'network'],
    [1011, 'network'],
  ])('tells close code %i by its kind, %s', async (code, kind) => {
    await using it = await aDiscord();
    it.gateway.refuseIdentify.push(code);
    expect(await failureOf(it.start())).toMatchObject({ kind, certain: kind === 'auth' });
    await it.again();
  });

  it.each([
    ['503', { kind: 'status', status: 503 }, 'unavailable'],
    ['a cut', { kind: 'drop' }, 'network'],
    ['nonsense', { kind: 'malformed' }, 'unavailable'],
  ] as const)('fails for now when the API answers with %s', async (_, fault, kind) => {
    await using it = await aDiscord();
    it.platform.fail('getGateway', fault);
    expect(await failureOf(it.start())).toMatchObject({ kind });
    await it.again();
  });

  it('fails for now when nobody is there', async () => {
    await using it = await aDiscord();
    await it.platform.stop();
    expect(await failureOf(it.start())).toMatchObject({ kind: 'network', certain: true });
  });
});

describe('when the connection is lost', () => {
  it.each([
    ['by a cut', (it: Discord) => it.gateway.cut(), 'network'],
    ['because Discord wants us to reconnect', (it: Discord) => it.gateway.askToReconnect(), 'network'],
    ['by a close', (it: Discord) => it.gateway.close(4000), 'network'],
    ['because the token was reset', (it: Discord) => it.gateway.close(4004), 'auth'],
  ])('%s, it is reported once, and nothing is lost or doubled', async (_, lose, kind) => {
    await using it = await aDiscord();
    await it.start();
    it.platform.say(it.alice, it.channel, 'before');
    await it.heard('before');
    it.gateway.delivers = false;
    it.platform.say(it.alice, it.channel, 'lost on the way');
    lose(it);
    await it.host.until(() => it.host.states.length > 0, 'the loss to be reported');
    expect(it.host.states).toMatchObject([{ state: 'disconnected', error: { kind } }]);
    it.platform.say(it.alice, it.direct, 'while nobody listened');
    it.gateway.delivers = true;
    await it.again();
    await it.heard('before', 'lost on the way', 'while nobody listened');
    expect(it.texts()).toEqual(['before', 'lost on the way', 'while nobody listened']);
    expect(it.gateway.resumed).toMatchObject([{ accepted: true }]);
    expect(it.gateway.identified).toHaveLength(1);
    expect(it.platform.requests.get('getMessages')).toBeUndefined();
  });

  it('notices a connection on which nothing comes any more', async () => {
    await using it = await aDiscord();
    it.gateway.heartbeatIntervalMs = 20;
    it.gateway.acknowledges = false;
    await it.start();
    await it.host.until(() => it.host.states.length > 0, 'the silence to be noticed');
    expect(it.host.states).toMatchObject([{ state: 'disconnected' }]);
  });

  it('begins a new session where the old one is over, and reads what was missed', async () => {
    await using it = await aDiscord();
    await it.start();
    it.platform.say(it.alice, it.direct, 'before');
    await it.heard('before');
    it.gateway.invalidate();
    await it.host.until(() => it.host.states.length > 0, 'the loss to be reported');
    it.platform.say(it.alice, it.direct, 'direct, missed');
    it.platform.say(it.alice, it.channel, 'in the server, missed');
    await it.again();
    await it.heard('before', 'direct, missed', 'in the server, missed');
    expect(it.texts()).toEqual(['before', 'direct, missed', 'in the server, missed']);
  });

  it('begins a new session where resuming leads nowhere', async () => {
    await using it = await aDiscord();
    await it.start();
    const cursor = it.host.cursor() ?? '';
    const elsewhere = cursor.replace(it.gateway.url, 'ws://127.0.0.1:1');
    expect(elsewhere).not.toBe(cursor);
    await it.host.receive({ messages: [], cursor: elsewhere });
    await it.again();
    it.platform.say(it.alice, it.direct, 'hello');
    await it.heard('hello');
    expect(it.gateway.identified).toHaveLength(2);
  });

  it('begins anew with a cursor that it cannot read', async () => {
    await using it = await aDiscord();
    await it.host.receive({ messages: [], cursor: 'from another age' });
    await it.start();
    it.platform.say(it.alice, it.direct, 'hello');
    await it.heard('hello');
  });
});

describe('after a restart', () => {
  it('gets again what was not on disk, by the number that was', async () => {
    await using it = await aDiscord();
    await it.start();
    it.platform.say(it.alice, it.direct, 'stored');
    await it.heard('stored');
    const letGo = it.host.hold();
    const offers = it.host.offers;
    it.platform.say(it.alice, it.direct, 'not stored');
    await it.host.until(() => it.host.offers > offers, 'the offer');
    await it.down();
    letGo();
    await it.start();
    await it.heard('stored', 'not stored');
    expect(it.texts()).toEqual(['stored', 'not stored']);
    expect(it.gateway.resumed).toMatchObject([{ accepted: true }]);
  });

  it('reads the history of every chat with news, in order, once the session is over', async () => {
    await using it = await aDiscord();
    const quiet = it.platform.channel(it.server, 'quiet');
    const secret = it.platform.channel(it.server, 'secret');
    const thread = it.platform.thread(it.channel, 'thread');
    const forum = it.platform.channel(it.server, 'forum', 15);
    await it.start();
    it.platform.say(it.alice, it.direct, 'direct 0');
    it.platform.say(it.alice, it.channel, 'channel 0');
    await it.heard('direct 0', 'channel 0');
    await it.adapter.send(outbound(it.direct, 'an answer'), soon());
    await it.down();
    it.gateway.forgetSessions();
    for (let n = 1; n <= 250; n++) it.platform.say(it.alice, it.channel, `channel ${n}`);
    it.platform.say(it.alice, it.direct, 'direct 1');
    it.platform.say(it.alice, thread, 'thread 1');
    it.platform.say(it.alice, secret, 'secret');
    it.platform.lock(secret, 403, 50_001);
    forum.last_message_id = it.platform.world.snowflake();
    await it.start();
    await it.host.until(() => it.host.messages.length === 254, 'all that was said');
    const inChat = (chat: { id: string }) =>
      it.host.messages.filter((message) => message.chat.id === chat.id).map(({ text }) => text);
    expect(inChat(it.channel)).toEqual(Array.from({ length: 251 }, (_, n) => `channel ${n}`));
    expect(inChat(it.direct)).toEqual(['direct 0', 'direct 1']);
    expect(inChat(thread)).toEqual(['thread 1']);
    expect(it.host.messages.map(({ chat }) => chat.kind).filter((kind) => kind === 'direct')).toHaveLength(2);
    // The direct chat, three pages of the channel, the thread, the closed channel.
    expect(it.platform.requests.get('getMessages')).toBe(6);
    expect(inChat(quiet)).toEqual([]);
    expect(it.logged.join()).toContain('closed to the bot');
  });

  it('reads history before what is said now', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.down();
    it.gateway.forgetSessions();
    it.platform.say(it.alice, it.channel, 'missed');
    it.platform.limit('getMessages', 0.2);
    await it.start();
    it.platform.say(it.alice, it.direct, 'now');
    await it.heard('missed', 'now');
    expect(it.texts()).toEqual(['missed', 'now']);
    expect(it.logged).toEqual([expect.stringContaining('trying again')]);
  });

  it('stores nothing that came after a gap, where history is refused with the token', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.down();
    it.gateway.forgetSessions();
    it.platform.say(it.alice, it.channel, 'missed');
    it.platform.fail('getMessages', { kind: 'status', status: 503 });
    it.platform.refuse('getMessages', 401, 0, '401: Unauthorized');
    await it.start();
    // Comes while history is tried again, from a chat that we do not know.
    it.platform.say(it.alice, it.direct, 'now');
    await it.host.until(() => it.host.states.length > 0, 'the refusal to be reported');
    expect(it.host.states).toMatchObject([{ state: 'disconnected', error: { kind: 'auth' } }]);
    await setImmediate();
    expect(it.texts()).toEqual([]);
    await it.again();
    await it.heard('missed', 'now');
    expect(it.texts()).toEqual(['missed', 'now']);
  });

  it('also reads what slipped through while later messages of other chats did not', async () => {
    await using it = await aDiscord();
    await it.start();
    it.gateway.delivers = false;
    it.platform.say(it.alice, it.channel, 'slipped through');
    it.gateway.delivers = true;
    it.platform.say(it.alice, it.direct, 'seen');
    await it.heard('seen');
    await it.down();
    it.gateway.forgetSessions();
    await it.start();
    await it.heard('seen', 'slipped through');
    expect(it.texts()).toEqual(['seen', 'slipped through']);
  });

  it('goes on with history that was not read to its end, and reads none of it again', async () => {
    await using it = await aDiscord();
    await it.start();
    it.platform.say(it.alice, it.direct, 'before');
    await it.heard('before');
    await it.down();
    it.gateway.forgetSessions();
    const muchLater = it.platform.world.snowflake(Date.now() + 600_000);
    it.platform.say(it.alice, it.channel, 'in the server, missed');
    it.platform.say(it.alice, it.direct, 'direct, missed', { id: muchLater });
    it.platform.lock(it.channel, 503, 0);
    await it.start();
    await it.heard('before', 'direct, missed');
    await it.platform.until(() => it.platform.requests.get('getMessages') === 2, 'the attempt that fails');
    await it.down();
    it.platform.unlock(it.channel);
    await it.start();
    await it.heard('before', 'direct, missed', 'in the server, missed');
    expect(it.gateway.resumed.at(-1)).toMatchObject({ accepted: true });
    const behind = () => JSON.parse(it.host.cursor() ?? '').behind;
    await it.host.until(() => behind().length === 0, 'it to be known as read');
    await it.again();
    it.platform.say(it.alice, it.direct, 'next', { id: it.platform.world.snowflake(Date.now() + 700_000) });
    await it.heard('before', 'direct, missed', 'in the server, missed', 'next');
    expect(it.texts()).toEqual(['before', 'direct, missed', 'in the server, missed', 'next']);
    expect(it.platform.requests.get('getMessages')).toBe(3);
  });

  it('goes on with direct chats, of which a resumed session tells nothing', async () => {
    await using it = await aDiscord();
    await it.start();
    it.platform.say(it.alice, it.direct, 'before');
    await it.heard('before');
    await it.down();
    it.gateway.forgetSessions();
    it.platform.say(it.alice, it.direct, 'missed');
    it.platform.lock(it.direct, 503, 0);
    await it.start();
    await it.platform.until(() => it.platform.requests.has('getMessages'), 'the attempt that fails');
    await it.down();
    it.platform.unlock(it.direct);
    await it.start();
    await it.heard('before', 'missed');
    expect(it.gateway.resumed.at(-1)).toMatchObject({ accepted: true });
  });

  it('reads no history on its first start, and none of a server that it joins', async () => {
    await using it = await aDiscord();
    it.platform.say(it.alice, it.channel, 'long before');
    await it.start();
    const other = it.platform.world.guild('Other');
    it.platform.say(it.alice, it.platform.channel(other, 'lobby'), 'before you came');
    it.platform.invite(other);
    it.platform.say(it.alice, it.direct, 'hello');
    await it.host.until(() => it.texts().includes('hello'), 'the message after it');
    expect(it.platform.requests.get('getMessages')).toBeUndefined();
  });
});

describe('what happens in a chat', () => {
  it('is told: edits, reactions, deletions', async () => {
    await using it = await aDiscord();
    await it.start();
    const message = it.platform.say(it.alice, it.channel, 'helo');
    it.platform.unfurl(message);
    it.platform.edit(message, 'hello');
    it.platform.unfurl(message);
    it.platform.react(it.alice, message, { id: null, name: '👍' });
    it.platform.react(it.alice, message, { id: null, name: '👍' }, true);
    const [one, two] = [
      it.platform.say(it.alice, it.channel, '1'),
      it.platform.say(it.alice, it.channel, '2'),
    ];
    it.platform.delete(message);
    it.platform.delete(one, two);
    await it.host.until(() => it.host.messages.length === 9, 'all of it');
    expect(it.host.messages.map(({ change, text }) => `${change?.kind ?? 'said'} ${text}`)).toEqual([
      'said helo',
      'edit hello',
      'reaction 👍',
      'reaction_removed 👍',
      'said 1',
      'said 2',
      'deletion ',
      'deletion ',
      'deletion ',
    ]);
    expect(new Set(it.host.messages.map(({ sender }) => sender.id))).toEqual(new Set([it.alice.id]));
  });

  it('is not told of our own messages', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.adapter.send(outbound(it.channel, 'mine'), soon());
    const [mine] = it.platform.world.messagesIn(it.channel.id);
    if (mine === undefined) throw new Error('it was not sent');
    it.platform.delete(mine);
    it.platform.say(it.alice, it.channel, 'hers');
    await it.heard('hers');
    expect(it.texts()).toEqual(['hers']);
  });

  it('is known by the same key when Discord tells it twice', async () => {
    await using it = await aDiscord();
    await it.start();
    const message = it.platform.say(it.alice, it.channel, 'once');
    it.platform.react(it.alice, message, { id: null, name: '👍' });
    await it.heard('once', '👍');
    it.gateway.redeliver(2);
    it.platform.say(it.alice, it.channel, 'next');
    await it.host.until(() => it.texts().includes('next'), 'the next message');
    expect(it.texts()).toEqual(['once', '👍', 'next']);
  });

  it('is kept for a person where it cannot be read, and the next comes through', async () => {
    await using it = await aDiscord();
    await it.start();
    it.platform.say(it.alice, it.channel, 'odd', { timestamp: 'noon' });
    it.platform.say(it.alice, it.channel, 'even');
    await it.heard('even');
    expect(it.texts()).toEqual(['even']);
    expect(it.host.unreadable).toMatchObject([{ payload: expect.stringContaining('odd') }]);
  });

  it('is not said to have come before it is stored', async () => {
    await using it = await aDiscord();
    it.gateway.askForHeartbeats();
    await it.start();
    const letGo = it.host.hold();
    const offers = it.host.offers;
    it.platform.say(it.alice, it.channel, 'wait');
    await it.host.until(() => it.host.offers > offers, 'the offer');
    const beats = it.gateway.heartbeats;
    await it.platform.until(() => it.gateway.heartbeats > beats + 1, 'a heartbeat after it');
    expect(it.gateway.acknowledged('MESSAGE_CREATE', it.alice.id)).toBe(0);
    letGo();
    await it.platform.until(() => it.gateway.acknowledged('MESSAGE_CREATE', it.alice.id) === 1, 'the ack');
  });

  it('is offered until it is stored, and nothing overtakes it', async () => {
    await using it = await aDiscord();
    await it.start();
    it.host.rejectNext();
    it.platform.say(it.alice, it.channel, 'first');
    it.platform.say(it.alice, it.channel, 'second');
    await it.heard('first', 'second');
    expect(it.texts()).toEqual(['first', 'second']);
    expect(it.logged.join()).toContain('could not be stored');
    expect(it.logged.join()).not.toContain('first');
  });
});

describe('stop', () => {
  it.each([
    ['the API does not answer', (it: Discord) => it.platform.fail('getGateway', { kind: 'hang' }), 0],
    ['the gateway does not take us', (it: Discord) => Object.assign(it.gateway, { admits: false }), 1],
    ['the gateway does not greet', (it: Discord) => Object.assign(it.gateway, { greets: false }), 1],
    ['nothing can be stored', (it: Discord) => void it.host.hold(), 1],
  ])('ends a start in which %s', async (_, hang, connections) => {
    await using it = await aDiscord();
    hang(it);
    const starting = failureOf(it.start());
    const isHanging = () => it.platform.requests.size > 0 && it.gateway.connections === connections;
    await it.platform.until(isHanging, 'the start to hang');
    await it.adapter.stop();
    await starting;
    await it.platform.until(() => it.gateway.connections === 0, 'the connection to be closed');
  });

  it('does not wait for a Discord that is frozen', async () => {
    await using it = await aDiscord();
    await it.start();
    it.gateway.freeze();
    await it.adapter.stop();
  });

  it('keeps the session at Discord, to be resumed', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.adapter.stop();
    await it.platform.until(() => it.gateway.closedByBot.length === 1, 'the good-bye');
    expect(it.gateway.closedByBot).toEqual([4200]);
  });

  it('right after a loss leaves no connection that comes back by itself', async () => {
    await using it = await aDiscord();
    await it.start();
    it.gateway.cut();
    await it.host.until(() => it.host.states.length > 0, 'the loss to be reported');
    await it.again();
    // Half a second after a loss, discord.js would reconnect.
    await sleep(700);
    expect(it.gateway.connections).toBe(1);
    expect(it.gateway.resumed).toHaveLength(1);
  });
});

describe('the options', () => {
  it.each([
    ['no token', {}],
    ['an empty token', { token: ' ' }],
    ['an unknown key', { token: 'fake', intents: 1 }],
    ['an address that is none', { token: 'fake', api_url: 'discord' }],
    ['an address of another kind', { token: 'fake', api_url: 'file:///etc' }],
  ])('refuse %s', (_, options) => {
    expect(discord.options.safeParse(options).success).toBe(false);
  });

  it('need only a token', () => {
    expect(discord.options.parse({ token: ' fake ' })).toEqual({
      token: 'fake',
      api_url: 'https://discord.com/api',
    });
    expect(discord.options.parse({ token: 'fake', api_url: 'http://127.0.0.1:1/api/' })).toMatchObject({
      api_url: 'http://127.0.0.1:1/api',
    });
  });
});

type Discord = Awaited<ReturnType<typeof aDiscord>>;
