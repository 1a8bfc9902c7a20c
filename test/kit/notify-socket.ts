import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { installPackages } from './debian.ts';
import { emptyFolder } from './folder.ts';

/** Prints each datagram as a line of JSON. Node cannot open such a socket, but it can read one that it was given. */
const READER = `
  const { readSync } = require('node:fs');
  const buffer = Buffer.alloc(65536);
  for (;;) console.log(JSON.stringify(buffer.toString('utf8', 0, readSync(3, buffer))));
`;

/** Why nothing of systemd can be used here; installs it where it can. On a CI machine it must be there. */
export function missingSystemd(): string | undefined {
  if (process.platform !== 'linux') return 'systemd is for Linux';
  const isThere = () => existsSync('/usr/bin/systemd-notify');
  if (isThere()) return undefined;
  const trouble = installPackages('systemd');
  if (isThere()) return undefined;
  const missing = `no systemd: install the package systemd${trouble}`;
  if (process.env.CI) throw new Error(missing);
  return missing;
}

/** The end of NOTIFY_SOCKET that is systemd's: hears what a service says. */
export class NotifySocket {
  /** Each message, as it was sent. */
  readonly messages: string[] = [];
  readonly #folder = emptyFolder();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #reader: ChildProcess | undefined;

  get path(): string {
    return join(this.#folder.path, 'notify');
  }

  async listen(): Promise<this> {
    const { PATH } = process.env;
    const args = ['--datagram', `--listen=${this.path}`, process.execPath, '-e', READER];
    const reader = spawn('systemd-socket-activate', args, {
      env: { PATH },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#reader = reader;
    createInterface({ input: reader.stdout }).on('line', (line) => {
      this.messages.push(JSON.parse(line) as string);
      this.#changes.emit('message');
    });
    const folder = watch(dirname(this.path));
    while (!existsSync(this.path)) await once(folder, 'change');
    folder.close();
    return this;
  }

  /** The first message after the `from`-th that begins so. */
  async until(start: string, from = 0, timeoutMs = 20_000): Promise<string> {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.messages.slice(from).find((message) => message.startsWith(start));
      if (found !== undefined) return found;
      try {
        await once(this.#changes, 'message', { signal: deadline });
      } catch {
        throw new Error(`no ${start} in ${timeoutMs} ms, but ${JSON.stringify(this.messages)}`);
      }
    }
  }

  /** Whether a message comes within that time; `false` at once when the signal says so. */
  async heard(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    const silence = AbortSignal.timeout(withinMs);
    return await once(this.#changes, 'message', {
      signal: signal === undefined ? silence : AbortSignal.any([silence, signal]),
    }).then(
      () => true,
      () => false,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const reader = this.#reader;
    if (reader?.exitCode === null && reader.signalCode === null) {
      const closed = once(reader, 'close');
      reader.kill('SIGKILL');
      await closed;
    }
    this.#folder[Symbol.dispose]();
  }
}
