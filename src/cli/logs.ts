import { logFileOf } from '../config/peek.ts';
import { StartError } from '../contract/index.ts';
import { prettifier } from '../telemetry/prettifier.ts';
import { findJournal, readJournal } from './journal.ts';
import { readLog } from './log-tail.ts';

export interface LogsOptions {
  readonly config: string;
  readonly follow?: boolean;
  readonly level: keyof typeof LEVELS;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly lines?: number;
  readonly json?: boolean;
}

/** pino's numbers. */
const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

/** Shown when nobody says how many, or since when. */
const LINES = 200;

/** `openclaw-gateway logs`: the log, from its file if the config names one, and otherwise from systemd's journal. */
export async function logs(options: LogsOptions): Promise<void> {
  const { stdout } = process;
  stdout.on('error', () => process.exit()); // whoever reads has had enough (`logs | head`)
  const pretty = prettifier(stdout.isTTY, 'yyyy-mm-dd HH:MM:ss');
  const show = (line: string) => {
    const shown = options.json ? line : pretty(line);
    stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
  };
  const most = options.lines ?? (options.since === undefined ? LINES : Number.POSITIVE_INFINITY);

  const file = logFileOf(options.config, process.env);
  if (file !== undefined) {
    const last = new Last(most);
    const log = readLog(file, (line) => isWanted(line, options) && last.push(line));
    for (const line of last.lines()) show(line);
    if (options.follow) await log.follow((line) => isWanted(line, options) && show(line));
    return;
  }
  const journal = findJournal();
  if (journal === undefined) {
    throw new StartError('nothing keeps the log of this gateway: it is where its output goes', {
      hint: 'Set log.file in the configuration, or run the gateway as a service of systemd.',
      exitCode: 1,
    });
  }
  await readJournal(journal, { ...options, lines: most }, (line) => isWanted(line, options) && show(line));
}

/** Lines that the gateway did not write itself (Node writes some when it dies) are always wanted. */
function isWanted(line: string, { level, since = 0 }: LogsOptions): boolean {
  try {
    const own = JSON.parse(line) as { level: number; time: string };
    return own.level >= LEVELS[level] && Date.parse(own.time) >= since;
  } catch {
    return true;
  }
}

/** The last so many lines; of a large log no more than twice those are in memory. */
class Last {
  readonly #most: number;
  #kept: string[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  push(line: string): void {
    this.#kept.push(line);
    if (this.#kept.length > 2 * this.#most) this.#kept = this.lines();
  }

  lines(): string[] {
    return this.#kept.slice(-this.#most);
  }
}
