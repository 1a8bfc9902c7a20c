import { afterAll, expect, test } from 'vitest';
import { openLedger } from '../../src/store/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { missingSystemd, NotifySocket } from '../kit/notify-socket.ts';
import { Linechat } from '../platforms/linechat.ts';
import { GatewayProcess } from './gateway-process.ts';

const NEIGHBOURS = ['bob', 'cid', 'dot', 'eve', 'fay'];
/** Enough for a gateway, and for no more than that. */
const LITTLE_MEMORY = '--max-old-space-size=48';

/** Pings come every 750 ms. */
const WATCHDOG_USEC = '1500000';
const SILENCE_MS = 2_000;

const compiled = emptyFolder();
afterAll(() => compiled[Symbol.dispose]());

const poisons: [poison: string, attempts: number][] = [
  ['throw', 3],
  ['hang', 1],
  ['eat memory', 5],
  ['kill the process', 5],
];
if (missingSystemd() === undefined) poisons.push(['loop for ever', 5]);

test.concurrent.each(poisons)(
  'told to %s, an agent is asked %i times; then the message is set aside, and nobody else pays for it',
  { timeout: 90_000 },
  async (poison, attempts) => {
    await using watchdog = poison === 'loop for ever' ? await new NotifySocket().listen() : undefined;
    using folder = emptyFolder();
    const platform = await new Linechat().listen();
    const gateway = new GatewayProcess(folder.path, platform, {
      env: {
        NODE_COMPILE_CACHE: compiled.path,
        ...(watchdog && { NOTIFY_SOCKET: watchdog.path, WATCHDOG_USEC }),
      },
      node: [LITTLE_MEMORY],
    });
    const said = (chat: string) =>
      platform.accepted.filter((message) => message.chat === chat).map(({ text }) => text);
    // They are being answered whenever the process dies.
    for (const chat of NEIGHBOURS) platform.say('take your time', chat);
    platform.say(poison, 'ann');
    platform.say('water', 'ann');
    for (const chat of NEIGHBOURS) platform.say('water', chat);
    const stopping = new AbortController();
    const stopped = keepRunning(gateway, watchdog, stopping.signal);
    try {
      await platform.until(
        () => said('ann').length === 2 && NEIGHBOURS.every((chat) => said(chat).length === 2),
        'an answer to everybody',
        60_000,
      );
    } finally {
      stopping.abort();
      gateway.kill('SIGTERM');
      await stopped;
      await platform.stop();
    }
    expect(said('ann')).toEqual([expect.stringMatching(/^Sorry, I could not answer/), 'done: water']);
    for (const chat of NEIGHBOURS) expect(said(chat)).toEqual(['done: take your time', 'done: water']);

    const ledger = openLedger(folder.path);
    expect(ledger.audit()).toEqual({
      in: { answered: 11, dead: 1 },
      out: { sent: 12 },
      contradictions: [],
    });
    expect([...ledger.deadLetters.list()].map(({ text }) => text)).toEqual([poison]);
    expect(ledger.inbound('in-6')?.attempts).toBe(attempts);
    ledger.close();
  },
);

/** As a service manager does. */
async function keepRunning(
  gateway: GatewayProcess,
  watchdog: NotifySocket | undefined,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    const life = new AbortController();
    const watched = watchdog && killWhenSilent(gateway, watchdog, life.signal);
    await gateway.run();
    life.abort();
    await watched;
  }
}

async function killWhenSilent(
  gateway: GatewayProcess,
  watchdog: NotifySocket,
  life: AbortSignal,
): Promise<void> {
  const before = watchdog.messages.length;
  const isReady = () => watchdog.messages.slice(before).includes('READY=1');
  while (!life.aborted) {
    const heard = await watchdog.heard(SILENCE_MS, life);
    if (!heard && isReady() && !life.aborted) gateway.kill('SIGKILL');
  }
}
