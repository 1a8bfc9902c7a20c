import { expect, test } from 'vitest';
import { ChannelError } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { parrot, ScriptedChannel, TestGateway } from './harness.ts';

const SCAN = { en: 'Scan it.', zh: '请扫描。' };

const cut = () => new ChannelError('network', 'connection cut');

test('a lost connection comes back by itself, and what waited is sent', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  const host = channel.host;
  host?.onStateChange({ state: 'disconnected', error: cut() });
  await channel.say('ann', 'hello');
  await hub.until('outbound.sent');
  expect(hub.events('channel.state').map(({ state }) => state)).toEqual([
    'starting',
    'connected',
    'disconnected',
    'reconnecting',
    'connected',
  ]);
  expect(host?.signal.aborted, 'the old connection was told to end').toBe(true);
  expect([channel.starts, channel.stops]).toEqual([2, 1]);
  await hub.stop();
  expect(channel.stops).toBe(2);
});

test('failing to connect is tried again for ever, further and further apart', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let failures = 8;
  channel.onStart = async () => {
    if (failures-- > 0) throw cut();
  };
  const hub = new TestGateway(folder.path, [channel], parrot());
  await hub.gateway.start();
  await hub.untilConnected();
  const waits = hub.events('channel.state').flatMap(({ inMs }) => (inMs === undefined ? [] : [inMs]));
  expect(waits).toHaveLength(8);
  for (const [index, wait] of waits.entries()) {
    const full = Math.min(20, 5 * 2 ** index);
    expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
    expect(wait).toBeLessThanOrEqual(full);
  }
  await hub.stop();
});

test('refused credentials wait for a person: no further attempt', async () => {
  using folder = emptyFolder();
  const bad = new ScriptedChannel('bad');
  const good = new ScriptedChannel('good');
  bad.onStart = async () => {
    throw new ChannelError('auth', 'the token is refused', { hint: 'get a new one' });
  };
  const hub = await new TestGateway(folder.path, [bad, good], parrot()).start();
  await good.say('ann', 'x');
  await hub.until('outbound.sent');
  expect(hub.gateway.channels().get(bad.id)).toEqual({
    state: 'rejected',
    detail: 'the token is refused. get a new one',
  });
  expect(bad.starts).toBe(1);
  await hub.stop();
});

test('credentials that a send finds refused end the connection', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  channel.onSend = async () => {
    throw new ChannelError('auth', 'token revoked');
  };
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  await channel.say('ann', 'x');
  while (hub.gateway.channels().get(channel.id)?.state !== 'rejected') {
    await hub.until('channel.state', hub.count('channel.state') + 1);
  }
  await hub.stop();

  const mended = new ScriptedChannel('a');
  const next = await new TestGateway(folder.path, [mended], parrot()).start();
  await next.until('outbound.sent');
  expect(mended.textsIn('ann')).toEqual(['re: x']);
  await next.stop();
});

test('an adapter that throws on start, on stop and in its callbacks costs nobody else anything', async () => {
  using folder = emptyFolder();
  const broken = new ScriptedChannel('broken');
  const good = new ScriptedChannel('good');
  broken.onStart = () => {
    throw new TypeError('undefined is not a function');
  };
  broken.adapter.stop = () => {
    throw new Error('cannot stop');
  };
  const hub = await new TestGateway(folder.path, [broken, good], parrot()).start();
  await good.say('ann', 'x');
  await hub.until('outbound.sent');
  await hub.until('internal.error', 2);
  await hub.stop();
});

test('an observer that throws is reported and harms nothing', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = new TestGateway(folder.path, [channel], parrot());
  hub.gateway.events.on('inbound.queued', () => {
    throw new Error('bad observer');
  });
  await hub.start();
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  expect(hub.events('internal.error')[0]?.where).toBe('observer of inbound.queued');
  await hub.stop();
});

test('an adapter that never ends its stop is left behind: the channel comes back all the same', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], parrot()).start();
  channel.adapter.stop = () => new Promise(() => {});
  channel.host?.onStateChange({ state: 'disconnected', error: cut() });
  await hub.untilConnected(2);
  await channel.say('ann', 'x');
  await hub.until('outbound.sent');
  expect(hub.events('internal.error')[0]?.where).toBe('adapter of channel a');
  await hub.stop();
});

test('a stop in the middle of connecting ends it', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  let aborted = false;
  channel.onStart = (host) =>
    new Promise((_, reject) => {
      host.signal.addEventListener('abort', () => {
        aborted = true;
        reject(cut());
      });
    });
  const hub = new TestGateway(folder.path, [channel], parrot());
  await hub.gateway.start();
  await hub.stop();
  expect(aborted).toBe(true);
  expect(hub.gateway.channels().get(channel.id)?.state).toBe('stopped');
});

test('a login waits for a person for as long as it takes, and is told again when it changes', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const scanned = Promise.withResolvers<void>();
  channel.onStart = async (host) => {
    host.onStateChange({ state: 'needs_login', login: { instruction: SCAN, qr: 'one' } });
    host.onStateChange({ state: 'needs_login', login: { instruction: SCAN, qr: 'two' } });
    await scanned.promise;
  };
  const hub = new TestGateway(folder.path, [channel], parrot());
  await hub.gateway.start();
  await hub.until('channel.state', 3);
  expect(hub.gateway.logins()).toEqual([{ channel: 'a', instruction: SCAN, qr: 'two' }]);
  expect(hub.gateway.channels().get(channel.id), 'anybody may ask for the state').toEqual({
    state: 'needs_login',
    detail: 'Scan it.',
  });
  scanned.resolve();
  await hub.untilConnected();
  expect(hub.gateway.logins()).toEqual([]);
  expect(hub.events('channel.state').map(({ state }) => state)).toEqual([
    'starting',
    'needs_login',
    'needs_login',
    'connected',
  ]);
  await hub.stop();
});
