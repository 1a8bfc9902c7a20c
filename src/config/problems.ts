import { StartError } from '../contract/index.ts';

/** Where a value stands in the configuration, e.g. `['channels', 'telegram', 'token']`. */
export type Path = readonly (string | number)[];

/** One mistake in the configuration. `line` and `column` count from 1. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly path: Path;
  /** What was found, and what is allowed. */
  readonly message: string;
}

/** The configuration cannot be used. Tells all its mistakes at once, one on each line, as `file:line:column: key.path: …`. */
export class ConfigError extends StartError {
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map((problem) => describe(file, problem)).join('\n'), {
      exitCode: 78,
      hint: hintFor(file, problems),
    });
    this.problems = sorted;
  }
}

function describe(file: string, { line, column, path, message }: ConfigProblem): string {
  return [`${file}:${line}:${column}`, ...(path.length > 0 ? [pathText(path)] : []), message].join(': ');
}

function hintFor(file: string, { length }: readonly ConfigProblem[]): string {
  const mistakes = length === 1 ? 'this mistake' : `these ${length} mistakes`;
  return `Mend ${mistakes}, then look again with: openclaw-gateway check --config ${file}`;
}

/** `channels.telegram.allow_from[2]` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const shown = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
    return text === '' ? shown : `${text}.${shown}`;
  }, '');
}
