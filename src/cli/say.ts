import { escapeControls, escapeJsonLine } from '../telemetry/escape.ts';

/** Prints lines. Words of strangers may stand in them: none commands the terminal, or begins a line of its own. */
export function say(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${escapeControls(line)}\n`).join(''));
}

/** Prints a value as one line of JSON, harmless in the same way and of the same meaning. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${escapeJsonLine(JSON.stringify(value))}\n`);
}
