import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { EXIT } from './exit.ts';

const UNIT = 'openclaw-gateway';

/** How journalctl is asked for our unit: the machine's own, or the one of this user. */
export type Journal = readonly [flag: '--unit' | '--user-unit', unit: string];

/** Where systemd keeps the log; `undefined` when our unit is not installed, or there is no systemd. */
export function findJournal(): Journal | undefined {
  const knows = (...scope: string[]) =>
    spawnSync('systemctl', [...scope, 'cat', UNIT], { stdio: 'ignore' }).status === 0;
  if (knows()) return ['--unit', UNIT];
  return knows('--user') ? ['--user-unit', UNIT] : undefined;
}

/** Hands over the lines as the gateway wrote them; resolves when there are no more. */
export async function readJournal(
  journal: Journal,
  { follow, since, lines }: { follow?: boolean; since?: number; lines: number },
  take: (line: string) => void,
): Promise<void> {
  const args = [
    ...journal,
    '--output=cat',
    ...(follow ? ['--follow'] : []),
    ...(since === undefined ? [] : [`--since=@${Math.floor(since / 1000)}`]),
    ...(lines === Number.POSITIVE_INFINITY ? ['--lines=all'] : [`--lines=${lines}`]),
  ];
  const child = spawn('journalctl', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', take);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) process.exitCode = EXIT.failed;
}
