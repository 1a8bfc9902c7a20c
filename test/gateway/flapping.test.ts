import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { telegram } from '../../adapters/telegram/index.ts';
import type { ChannelAdapter } from '../../src/contract/index.ts';
import { openResources, settledTo } from '../contract/resources.ts';
import { emptyFolder } from '../kit/folder.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { failed, parrot, ScriptedChannel, TestGateway } from './harness.ts';

const FLAPS = 1_000;
/** What is on the heap is compared after each stretch: a leak grows in all of them, a cache only until it is full. */
const STRETCHES = 5;
/** Less than what one forgotten listener, promise or error takes. */
const BYTES_PER_FLAP = 100;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('a channel that is lost and found again 1,000 times leaves nothing behind', () => {
  test('whatever its adapter', { timeout: 60_000 }, async () => {
    using folder = emptyFolder();
    const channel = new ScriptedChannel('flapping');
    await leavesNothing(folder.path, channel, () => {
      channel.host?.onStateChange({ state: 'disconnected', error: failed('network', true) });
    });
    expect([channel.starts, channel.stops]).toEqual([FLAPS + 1, FLAPS + 1]);
  });

  test('with the adapter of Telegram', { timeout: 60_000 }, async () => {
    using folder = emptyFolder();
    await using fake = await new FakeTelegram().listen();
    const options = telegram.options.parse({ token: fake.token, api_root: fake.url });
    const adapter: ChannelAdapter = await telegram.create(options);
    const channel = Object.assign(new ScriptedChannel('telegram'), { adapter });
    let cut = 0;
    const polls = () => fake.requests.get('getUpdates') ?? 0;
    await leavesNothing(folder.path, channel, async () => {
      while (polls() <= cut) await setImmediate();
      cut = polls();
      fake.cut();
    });
    expect(cut).toBeGreaterThanOrEqual(FLAPS);
  });
});

async function leavesNothing(
  folder: string,
  channel: ScriptedChannel,
  lose: () => Promise<void> | void,
): Promise<void> {
  const before = openResources();
  const listeners = processListeners();
  const gateway = new TestGateway(folder, [channel], parrot(), { reconnect: { base: 1, cap: 1 } });
  let connected = 0;
  gateway.gateway.events.on('channel.state', ({ state }) => {
    if (state === 'connected') connected += 1;
  });
  await gateway.start();
  // No deadlines here: what waits for them would look as if it were kept.
  const heap: number[] = [];
  const open = openResources();
  for (let flap = 1; flap <= FLAPS; flap += 1) {
    gateway.seen.length = 0;
    const known = connected;
    await lose();
    while (connected === known) await setImmediate();
    if (flap % (FLAPS / STRETCHES) === 0) heap.push(heapUsed());
  }
  const growth = heap.slice(1).map((bytes, index) => bytes - (heap[index] ?? 0));
  expect(Math.min(...growth) / (FLAPS / STRETCHES), 'bytes kept of each flap').toBeLessThan(BYTES_PER_FLAP);
  await settledTo(open);
  await gateway.stop();
  await settledTo(before);
  expect(processListeners()).toEqual(listeners);
}

function processListeners(): Record<string, number> {
  return Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
}
