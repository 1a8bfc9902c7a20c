import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts';

/** How long a worker may take to end by itself. */
const END_MS = 1000;

/**
 * For a process that idles. A small young generation: 14 MB less. Less speed for less memory, and none of V8's last optimizer:
 * 13 MB less, while to sign and to check, the most work that there is, stays as fast (Maglev is enough for it).
 */
const THRIFTY = ['--max-semi-space-size=1', '--optimize-for-size', '--no-opt'];

/** The gateway's half of the worker: a process that Baileys runs in. */
export interface WorkerProcess {
  /** Drops what a dead worker can no longer hear. */
  tell(message: ToWorker): void;
  /** Ends it, if need be by force. Idempotent, never rejects. */
  stop(): Promise<void>;
}

export function startWorker(
  options: WorkerOptions,
  heard: (message: FromWorker) => void,
  ended: () => void,
): WorkerProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const file = fileURLToPath(new URL(`./worker.${extension}`, import.meta.url));
  const child = fork(file, [JSON.stringify(options)], {
    execArgv: THRIFTY,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('message', (message) => heard(message as FromWorker));
  child.on('error', () => {});
  child.once('exit', ended);
  return {
    tell: (message) => tell(child, message),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const exit = once(child, 'exit');
      tell(child, { type: 'stop' });
      const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await exit.catch(() => {});
      clearTimeout(force);
    },
  };
}

function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
