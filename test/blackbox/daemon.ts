import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { askGateway } from '../../src/cli/ask-gateway.ts';
import type { Reloaded } from '../../src/cli/control.ts';

export const PROGRAM = join(import.meta.dirname, '../../dist/src/cli/main.js');

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface DaemonOptions {
  /** Its environment beside PATH. */
  env?: Record<string, string>;
  /** Where its config and data are; a new temporary folder by default, removed at the end. */
  folder?: string;
  /** More words for `run`. */
  args?: readonly string[];
  /** Called with that folder before it begins. */
  prepare?: (folder: string) => Promise<void>;
}

/**
 * The real daemon as a process of its own, with an inline config:
 *
 *     await using daemon = await Daemon.start(`channels: { telegram: { token: 123:test, api_root: ${telegram.url} } }`);
 *
 * `gateway.port` and `data_dir` are added when the config does not name them.
 */
export class Daemon {
  readonly folder: string;
  readonly lines: LogLine[] = [];
  /** What it printed that is no log line. */
  readonly output: string[] = [];
  url = '';
  exitCode: number | null = null;
  readonly #ownFolder: boolean;
  readonly #env: Record<string, string>;
  readonly #args: readonly string[];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #process: ChildProcess | undefined;

  private constructor(config: string, { env = {}, folder, args = [] }: DaemonOptions) {
    this.#ownFolder = folder === undefined;
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'openclaw-blackbox-'));
    this.#env = env;
    this.#args = args;
    mkdirSync(this.folder, { recursive: true });
    const gateway = /^gateway:/m.test(config) ? '' : 'gateway: { port: 0 }\n';
    const dataDir = /^data_dir:/m.test(config) ? '' : 'data_dir: ./data\n';
    const agents = /^agents:/m.test(config) ? '' : 'agents: { default: { type: echo } }\n';
    writeFileSync(this.configFile, `${gateway}${dataDir}${agents}${config}`);
  }

  /** Changes the config, of which the process is not told. */
  edit(change: (yaml: string) => string): void {
    writeFileSync(this.configFile, change(readFileSync(this.configFile, 'utf8')));
  }

  /** Has it go by its config as it is now. */
  async reload(): Promise<Reloaded> {
    return (await askGateway(join(this.folder, 'data'), { do: 'reload' })) as Reloaded;
  }

  get configFile(): string {
    return join(this.folder, 'openclaw.config.yaml');
  }

  /** Boots it, and waits until it is ready. */
  static async start(config: string, options: DaemonOptions = {}): Promise<Daemon> {
    const daemon = new Daemon(config, options);
    await options.prepare?.(daemon.folder);
    await daemon.boot();
    return daemon;
  }

  /** Boots it, and waits for nothing. */
  static async launch(config: string, options: DaemonOptions = {}): Promise<Daemon> {
    const daemon = new Daemon(config, options);
    void daemon.spawn();
    return daemon;
  }

  /** Boots it, and waits until it has ended. */
  static async startAndEnd(config: string, options: DaemonOptions = {}): Promise<Daemon> {
    const daemon = new Daemon(config, options);
    await daemon.spawn();
    return daemon;
  }

  /** Boots it (again), and waits until it is ready. */
  async boot(): Promise<void> {
    const seen = this.lines.length;
    const ended = this.spawn();
    const ready = this.until((line) => line.msg.startsWith('ready'), 'ready', seen);
    const line = await Promise.race([ready, ended]);
    if (line === undefined) throw new Error(`the daemon ended with ${this.exitCode}:\n${this.text}`);
    this.url = String(line.url);
  }

  /** Starts the process; resolves when it has ended. */
  async spawn(): Promise<undefined> {
    const child = spawn(
      process.execPath,
      ['--max-semi-space-size=8', PROGRAM, 'run', ...this.#args, '--config', this.configFile],
      {
        env: { PATH: process.env.PATH, ...this.#env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    this.exitCode = null;
    createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
    createInterface({ input: child.stderr }).on('line', (line) => this.#take(line));
    // It ends with a test that ends by force.
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    const [code] = (await once(child, 'close')) as [number | null];
    process.off('exit', end);
    this.exitCode = code;
    this.#changes.emit('change');
    return undefined;
  }

  /** Waits until the process has ended by itself. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, 'close');
    while (this.exitCode === null) await once(this.#changes, 'change');
  }

  /** The first log line after the `from`-th that fits. */
  async until(
    fits: (line: LogLine) => boolean,
    what: string,
    from = 0,
    timeoutMs = 20_000,
  ): Promise<LogLine> {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.lines.slice(from).find(fits);
      if (found !== undefined) return found;
      try {
        await once(this.#changes, 'change', { signal: deadline });
      } catch {
        throw new Error(`no log line in ${timeoutMs} ms: ${what}\n${this.text}`);
      }
    }
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Everything it printed. */
  get text(): string {
    return [...this.output, ...this.lines.map((line) => JSON.stringify(line))].join('\n');
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    const [code] = (await closed) as [number | null];
    this.exitCode = code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
    if (this.#ownFolder) rmSync(this.folder, { recursive: true, force: true });
  }

  #take(line: string): void {
    try {
      this.lines.push(JSON.parse(line) as LogLine);
    } catch {
      this.output.push(line);
    }
    this.#changes.emit('change');
  }
}
