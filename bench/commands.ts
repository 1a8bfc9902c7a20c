import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Daemon, PROGRAM } from '../test/blackbox/daemon.ts';
import { FakeTelegram } from '../test/platforms/telegram.ts';
import type { Figure } from './run.ts';
import { median, quantile } from './statistics.ts';

const ROUNDS = 15;
const COMMANDS = ['status', 'messages', 'audit', 'dlq', 'logs'];
/** Several hundred messages a second, through the real channel, keep the daemon and this process busy. */
const BATCH = 20;
const EVERY_MS = 50;

/** Commands against a daemon under load, each beside a Node that does nothing at the same time. */
export async function commands(): Promise<Figure[]> {
  await using telegram = await new FakeTelegram().listen();
  await using daemon = await Daemon.start(`log: { file: ./gateway.log }
channels:
  telegram:
    { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}",
      rate_limits: { channel: { burst: 1000, per_second: 10000 }, direct: { burst: 1000, per_second: 10000 } } }
`);
  let said = 0;
  const load = setInterval(() => {
    for (let count = 0; count < BATCH; count += 1) telegram.say({ chat: 1 + (said++ % 500), text: 'hello' });
  }, EVERY_MS);
  await telegram.until(() => telegram.sent.length > 500, 'traffic');
  const began = { at: performance.now(), sent: telegram.sent.length };

  const times = new Map(COMMANDS.map((name) => [name, [] as number[]]));
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, own] of times) own.push(await time(PROGRAM, name, '--config', daemon.configFile));
    bare.push(await time('-e', '0'));
  }
  const rate = ((telegram.sent.length - began.sent) * 1000) / (performance.now() - began.at);
  clearInterval(load);
  const nothing = median(bare);
  return [...times].map(([name, own]) => ({
    what: `openclaw-gateway ${name}, beside ${Math.round(rate)} messages/s`,
    value: `${Math.round(median(own))} ms, p95 ${Math.round(quantile(own, 0.95))} ms`,
    beside: `node -e 0: ${Math.round(nothing)} ms`,
    ratio: `${(median(own) / nothing).toFixed(1)} ×`,
  }));
}

/** From `spawn` to the end, in milliseconds. */
async function time(...args: readonly string[]): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  return performance.now() - began;
}
