import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { slack } from '../../../adapters/slack/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { FakeSlack } from '../../platforms/slack.ts';
import { connectedSlack, createSlack, outbound, recordedLog, soon } from './kit.ts';

it('acknowledges after the disk, never before', async () => {
  await using slack = await connectedSlack();
  const letGo = slack.host.hold();
  slack.fake.say('keep me');
  await slack.fake.until(
    () => slack.fake.events.attempts === 2,
    'Slack to repeat it, as nobody said that we have it',
  );
  expect(slack.fake.events.acked).toBe(0);
  letGo();
  await slack.fake.until(() => slack.fake.events.acked === 1, 'the ack');
  expect(slack.host.messages).toHaveLength(1);
});

it('gets again what could not be stored', async () => {
  await using slack = await connectedSlack();
  slack.host.rejectNext(2);
  slack.fake.say('keep me');
  await slack.fake.until(() => slack.fake.events.acked === 1, 'the ack');
  expect(slack.host.messages.map(({ text }) => text)).toEqual(['keep me']);
});

it('hears a call once, though it comes as two events', async () => {
  await using slack = await connectedSlack();
  const { ts } = slack.fake.say('<@U0BOT> hello', { channel: 'C0GENERAL' });
  await slack.fake.until(() => slack.fake.events.acked === 2, 'both acks');
  expect(slack.host.messages.map(({ text, chat }) => [text, chat.id])).toEqual([
    ['hello', `C0GENERAL:${ts}`],
  ]);
});

it('does not hear itself', async () => {
  await using slack = await connectedSlack();
  await slack.adapter.send(outbound('hello'), soon());
  slack.fake.say('hi');
  await slack.host.until(() => slack.host.messages.length === 1, 'the message');
  expect(slack.host.messages[0]?.text).toBe('hi');
});

it('hears edits, deletions and reactions', async () => {
  await using slack = await connectedSlack();
  const { ts } = slack.fake.say('helo');
  slack.fake.edit('D0ALICE', ts, 'hello');
  slack.fake.unfurl('D0ALICE', ts);
  slack.fake.react('D0ALICE', ts, 'eyes');
  slack.fake.react('D0ALICE', ts, 'eyes', { removed: true });
  slack.fake.remove('D0ALICE', ts);
  await slack.host.until(() => slack.host.messages.length === 5, 'all of it');
  expect(slack.host.messages.map(({ change, text }) => [change?.kind, text])).toEqual([
    [undefined, 'helo'],
    ['edit', 'hello'],
    ['reaction', '👀'],
    ['reaction_removed', '👀'],
    ['deletion', ''],
  ]);
});

it('keeps what it cannot read, and asks for no more of it', async () => {
  await using slack = await connectedSlack();
  slack.fake.events.sendRaw(
    JSON.stringify({
      type: 'events_api',
      envelope_id: 'env-x',
      payload: slack.fake.callback({ type: 'message', channel: 'D0ALICE', ts: 'soon', user: 'U0ALICE' }),
    }),
  );
  await slack.host.until(() => slack.host.unreadable.length === 1, 'the event');
  expect(slack.host.unreadable[0]).toMatchObject({ dedupeKey: expect.stringMatching(/^Ev/) });
});

it('acknowledges, and does not keep, what is meant for another workspace', async () => {
  await using slack = await connectedSlack();
  const body = { ...slack.fake.callback({ type: 'message' }), authorizations: [{ user_id: 'U0ELSEWHERE' }] };
  slack.fake.events.sendRaw(JSON.stringify({ type: 'events_api', envelope_id: 'env-x', payload: body }));
  slack.fake.say('for us');
  await slack.fake.until(() => slack.fake.events.acked === 1, 'the ack');
  expect(slack.host.unreadable).toEqual([]);
  expect(slack.host.messages).toHaveLength(1);
});

it('moves to a new connection when Slack wants it, without a report of loss', async () => {
  await using slack = await connectedSlack();
  slack.fake.events.disconnectApp();
  await slack.host.until(() => slack.host.states.length === 2, 'the new connection');
  expect(slack.host.states.map(({ state }) => state)).toEqual(['reconnecting', 'connected']);
  slack.fake.say('still there?');
  await slack.fake.until(() => slack.fake.events.acked === 1, 'the ack');
});

it('reports the loss when no new connection is to be had', async () => {
  await using slack = await connectedSlack();
  slack.fake.fail('apps.connections.open', { kind: 'drop' });
  slack.fake.events.disconnectApp();
  await slack.host.until(() => slack.host.states.length === 2, 'the report');
  expect(slack.host.states[1]).toMatchObject({ state: 'disconnected', error: { kind: 'network' } });
});

it('waits for a person when Socket Mode was switched off', async () => {
  await using slack = await connectedSlack();
  slack.fake.events.disconnectApp('link_disabled');
  await slack.host.until(() => slack.host.states.length === 1, 'the report');
  expect(slack.host.states[0]).toMatchObject({
    state: 'disconnected',
    error: { kind: 'auth', hint: expect.stringContaining('Socket Mode') },
  });
});

it('reports a cut, and comes back by stop and start', async () => {
  await using slack = await connectedSlack();
  slack.fake.cut();
  await slack.host.until(() => slack.host.states.length > 0, 'the report');
  expect(slack.host.states[0]).toMatchObject({ state: 'disconnected', error: { kind: 'network' } });
  await slack.stop();
  slack.fake.say('meanwhile');
  await slack.start();
  await slack.host.until(() => slack.host.messages.length === 1, 'the message');
});

it('is not bothered by nonsense on the socket', async () => {
  await using slack = await connectedSlack();
  slack.fake.events.sendRaw('{"type":"disconnect"');
  slack.fake.events.sendRaw('"disconnect"');
  slack.fake.events.sendRaw('{"type":"slash_commands","envelope_id":"env-y","payload":{"command":"/x"}}');
  slack.fake.say('hello');
  await slack.fake.until(() => slack.fake.events.acked === 1, 'the ack');
  expect(slack.host.states).toEqual([]);
});

it('stops though the network swallows its goodbye', async () => {
  await using slack = await connectedSlack();
  slack.fake.events.freeze();
  // The gateway would wait for three seconds, and then go on without.
  expect(await Promise.race([slack.stop(), pause(3_000, 'still stopping')])).toBeUndefined();
  await slack.start();
  slack.fake.say('back');
  await slack.host.until(() => slack.host.messages.length === 1, 'the message');
});

it.each(['auth.test', 'apps.connections.open'])('stops while %s hangs', async (method) => {
  await using fake = await new FakeSlack().listen();
  fake.fail(method, { kind: 'hang' });
  const adapter = await createSlack(fake);
  using host = new TestHost();
  const starting = adapter.start(host).catch((error: unknown) => error);
  await fake.until(() => fake.requests.has(method), 'the call');
  await adapter.stop();
  expect(await starting).toMatchObject({ kind: 'network' });
});

it('stops while Slack does not greet', async () => {
  await using fake = await new FakeSlack().listen();
  fake.events.silent = true;
  const adapter = await createSlack(fake);
  using host = new TestHost();
  const starting = adapter.start(host).catch((error: unknown) => error);
  await fake.until(() => fake.events.connections === 1, 'the connection');
  await adapter.stop();
  expect(await starting).toMatchObject({ kind: 'network' });
  await fake.until(() => fake.events.connections === 0, 'the end of the connection');
});

it.each([
  ['a wrong bot_token', { bot_token: 'xoxb-wrong' }],
  ['a wrong app_token', { app_token: 'xapp-wrong' }],
])('waits for a person with %s', async (_what, options) => {
  await using fake = await new FakeSlack().listen();
  const adapter = await createSlack(fake, options);
  using host = new TestHost();
  await expect(adapter.start(host)).rejects.toMatchObject({
    kind: 'auth',
    hint: expect.stringContaining('api.slack.com/apps'),
  });
  await adapter.stop();
});

it('says which permission is missing', async () => {
  await using fake = await new FakeSlack().listen();
  const adapter = await createSlack(fake);
  using host = new TestHost();
  const log = recordedLog();
  fake.scopes = ['im:history'];
  await expect(adapter.start(Object.assign(host, { log }))).rejects.toMatchObject({
    kind: 'auth',
    message: 'the bot_token lacks the scope chat:write',
  });
  fake.scopes = ['chat:write', 'im:history'];
  await adapter.start(host);
  await adapter.stop();
  expect(log.lines.join('\n')).toContain('the scope files:write: files cannot be sent');
  expect(log.lines.join('\n')).toContain('the scope reactions:write: reactions are not given');
});

it('says so when nobody listens', async () => {
  const fake = await new FakeSlack().listen();
  const adapter = await createSlack(fake);
  await fake.stop();
  using host = new TestHost();
  await expect(adapter.start(host)).rejects.toMatchObject({
    kind: 'network',
    message: 'no connection to Slack (ECONNREFUSED)',
  });
});

it('refuses a configuration that cannot work', () => {
  const whole = { mode: 'socket', bot_token: 'xoxb-1', app_token: 'xapp-1' };
  expect(slack.options.safeParse(whole).success).toBe(true);
  for (const wrong of [
    { ...whole, app_token: undefined },
    { ...whole, app_token: 'xoxb-1' },
    { ...whole, bot_token: 'xapp-1' },
    { ...whole, signing_secret: '0123456789abcdef' },
    { mode: 'http', bot_token: 'xoxb-1' },
    { mode: 'http', bot_token: 'xoxb-1', signing_secret: '' },
    { mode: 'http', bot_token: 'xoxb-1', signing_secret: 'too short' },
    { bot_token: 'xoxb-1', app_token: 'xapp-1' },
  ]) {
    expect(slack.options.safeParse(wrong).success).toBe(false);
  }
});
