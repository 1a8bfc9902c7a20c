import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';

/** Whether this machine has util-linux's `script`, which gives a program a terminal. */
export function canGiveTerminals(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

/** A person at a terminal: reads what a program writes there, and types. */
export class Terminal {
  readonly #process: ChildProcess;
  readonly #changes = new EventEmitter();
  /** All that was to be seen. */
  screen = '';
  #read = 0;

  constructor(words: readonly string[], cwd: string, env: Record<string, string>) {
    const command = words.map((word) => `'${word}'`).join(' ');
    this.#process = spawn('script', ['-qfec', command, '/dev/null'], {
      cwd,
      env: { PATH: process.env.PATH, TERM: 'dumb', ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.screen += text;
      this.#changes.emit('change');
    });
  }

  /** Waits until this is to be read, after what was read before. */
  async reads(pattern: RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(20_000);
    for (;;) {
      const found = pattern.exec(this.screen.slice(this.#read));
      if (found !== null) {
        this.#read += found.index + found[0].length;
        return;
      }
      await once(this.#changes, 'change', { signal: deadline }).catch(() => {
        throw new Error(`waited in vain for ${pattern}; the screen:\n${this.screen}`);
      });
    }
  }

  /** Answers the question that is read next. */
  async answers(question: RegExp, answer: string): Promise<void> {
    await this.reads(question);
    await this.reads(/\n.{0,9}> /);
    this.press(`${answer}\r`);
  }

  press(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  /** Waits for the end; gives the exit code of the program. */
  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null) await once(this.#process, 'close');
    return this.#process.exitCode;
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL');
  }
}
