import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * What the gateway tells systemd, by the protocol of sd_notify(3).
 *
 * It takes a datagram to a Unix socket, which Node cannot send, and systemd's own systemd-notify can. To fork it from a
 * process with a large heap holds that up by 10 ms; a shell of 1 MB, started once, does it in the background, in order. That shell
 * speaks only when it is told to, so a loop that does not turn keeps silent, and the shell ends with this process.
 * The messages come from a child: the unit must say NotifyAccess=all.
 */
export interface ServiceManager {
  ready(): void;
  /** SIGHUP has come, and the new configuration is being read; `ready` ends that. */
  reloading(): void;
  stopping(): void;
  /** What `systemctl status` shows. */
  status(text: string): void;
  /** Ends the pings, and lets what was said last go out. */
  close(): void;
}

/** A line is a message, and a tab parts its assignments. */
const SHELL = "set -f; IFS='\t'; while read -r message; do systemd-notify $message; done";

/** A service manager that listens, or a deaf one where the environment names none. Takes its variables out of `env`. */
export function serviceManager(env: NodeJS.ProcessEnv): ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: timeout, WATCHDOG_PID: guarded, ...others } = env;
  // Whoever the gateway starts does not speak for it.
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (socket === undefined) return talk(() => {});
  const said = startShell({ ...others, NOTIFY_SOCKET: socket });
  const isGuarded = timeout !== undefined && (guarded === undefined || guarded === String(process.pid));
  const pings = isGuarded ? ping(said, Number(timeout) / 1000) : undefined;
  return talk(
    (...message) => said.write(`${message.join('\t')}\n`),
    () => {
      clearInterval(pings);
      said.end();
    },
  );
}

function talk(say: (...message: string[]) => void, close = () => {}): ServiceManager {
  return {
    ready: () => say('READY=1'),
    reloading: () => say('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => say('STOPPING=1'),
    status: (text) => say(`STATUS=${text.replaceAll(/\s+/g, ' ')}`),
    close,
  };
}

function startShell(env: NodeJS.ProcessEnv): Writable {
  const shell = spawn('/bin/sh', ['-c', SHELL], {
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  // Without it the gateway works, and systemd decides what to think of the silence.
  shell.on('error', () => {}).stdin.on('error', () => {});
  shell.unref();
  (shell.stdin as Socket).unref();
  return shell.stdin;
}

/** Twice as often as systemd asks for, in milliseconds, from the loop whose life it proves. */
function ping(said: Writable, timeoutMs: number): NodeJS.Timeout {
  return setInterval(() => said.write('WATCHDOG=1\n'), timeoutMs / 2).unref();
}
