import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../test/blackbox/daemon.ts';
import { FakeTelegram } from '../test/platforms/telegram.ts';
import type { Figure } from './run.ts';
import { median } from './statistics.ts';

const ROUNDS = 7;
/** Long enough for the garbage of the start to be collected. */
const IDLE_MS = 5_000;

/** From `spawn` to ready, and the memory once it idles; beside a Node that does nothing. */
export async function startAndIdle(): Promise<Figure[]> {
  await using telegram = await new FakeTelegram().listen();
  const config = `channels:\n  webchat: {}\n  telegram: { token: "123:test", api_root: "${telegram.url}" }\n`;
  const folder = mkdtempSync(join(tmpdir(), 'openclaw-bench-'));
  const starts: number[] = [];
  const bareStarts: number[] = [];
  let idle = 0;
  for (let round = 0; round < ROUNDS; round++) {
    bareStarts.push(await bareStart());
    const began = performance.now();
    await using daemon = await Daemon.start(config, { folder });
    starts.push(performance.now() - began);
    if (round < ROUNDS - 1) continue;
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    idle = residentMb(daemon.pid);
  }
  rmSync(folder, { recursive: true });
  const bareIdle = await bareMemory();
  const [start, bare] = [median(starts), median(bareStarts)];
  return [
    {
      what: 'start to ready (process spawn included), WebChat and Telegram on',
      value: `${Math.round(start)} ms`,
      beside: `node -e 0: ${Math.round(bare)} ms`,
      ratio: `${(start / bare).toFixed(1)} ×`,
    },
    {
      what: 'idle memory (RSS), WebChat and Telegram on',
      value: `${idle.toFixed(0)} MB`,
      beside: `an idle Node: ${bareIdle.toFixed(0)} MB`,
      ratio: `${(idle / bareIdle).toFixed(1)} ×`,
    },
  ];
}

async function bareStart(): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
  return performance.now() - began;
}

export async function bareMemory(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const memory = residentMb(child.pid ?? 0);
  child.kill();
  return memory;
}

export function residentMb(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1000;
}
