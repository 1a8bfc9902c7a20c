import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Linechat } from '../platforms/linechat.ts';

const PROGRAM = join(import.meta.dirname, 'program.ts');

export interface ProcessOptions {
  readonly env?: Record<string, string>;
  /** Options of Node itself. */
  readonly node?: readonly string[];
}

/** The gateway of program.ts: boots it, and kills it. */
export class GatewayProcess {
  readonly #folder: string;
  readonly #platform: Linechat;
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  /** What it printed. */
  output = '';

  constructor(folder: string, platform: Linechat, options: ProcessOptions = {}) {
    this.#folder = folder;
    this.#platform = platform;
    this.#options = options;
  }

  /** Starts it; resolves when it has ended, with its exit code or the signal. */
  async run(): Promise<number | NodeJS.Signals | null> {
    const { env = {}, node = [] } = this.#options;
    const { port, token } = this.#platform;
    const child = spawn(process.execPath, [...node, PROGRAM, this.#folder, String(port), token], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return code ?? signal;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }
}
