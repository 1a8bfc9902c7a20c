import { execFile } from 'node:child_process';
import { type Daemon, PROGRAM } from './daemon.ts';

/** Runs a command beside a daemon, as its owner would. */
export function command(daemon: Pick<Daemon, 'configFile'>, ...args: string[]) {
  return new Promise<{ out: string; err: string; status: number | null }>((resolve) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, ...args, '--config', daemon.configFile],
      { env: { PATH: process.env.PATH } },
      (_, out, err) => resolve({ out, err, status: child.exitCode }),
    );
  });
}
