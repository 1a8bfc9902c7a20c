import { errorText, StartError } from '../contract/index.ts';
import { escapeControls } from '../telemetry/escape.ts';

/** What the exit code tells a service manager; the higher ones are those of BSD's sysexits. */
export const EXIT = { done: 0, failed: 1, usage: 64, config: 78 } as const;

/**
 * Tells why the command ends, and ends it. What a person can mend is told in words and without a stack trace; a stack
 * trace is for those who mend the program.
 */
export function tellError(error: unknown): void {
  const isOurs = error instanceof StartError;
  const lines = isOurs
    ? [error.message, ...(error.hint === undefined ? [] : [error.hint])]
    : [
        `This should not have happened: ${errorText(error)}`,
        ...(error instanceof Error ? [error.stack ?? ''] : []),
      ];
  const code = isOurs ? error.exitCode : EXIT.failed;
  const text = lines.flatMap((line) => line.split('\n')).map(escapeControls);
  process.stderr.write(`${text.join('\n')}\n`, () => process.exit(code));
}
