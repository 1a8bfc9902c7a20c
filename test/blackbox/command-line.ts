import { execFile } from 'node:child_process';
import { type Daemon, PROGRAM } from './daemon.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command beside a daemon, as its owner would. */
export function commandLine(daemon: Daemon, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const all = [PROGRAM, '--config', daemon.configFile, ...args];
    const child = execFile(process.execPath, all, { env: { PATH: process.env.PATH } }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}
