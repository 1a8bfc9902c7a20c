import {
  type DestinationStream,
  type Logger,
  destination as openDestination,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import { escapeJsonLine } from './escape.ts';
import { prettifier } from './prettifier.ts';
import type { Redact } from './redact.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `auto`: pretty on a terminal, JSON otherwise. */
  readonly format: 'auto' | 'pretty' | 'json';
  /** Every line goes through it. */
  readonly redact: Redact;
  /** Where lines go; by default, standard output. */
  readonly destination?: LogDestination;
  /** Where they go as JSON beside that. */
  readonly file?: LogDestination | undefined;
}

export interface LogDestination {
  write(line: string): void;
  readonly isTTY?: boolean;
}

/**
 * Writes lines without secrets and without control characters. Logging never throws and never ends the process:
 * lines that cannot be written (a full disk, a closed pipe) are lost.
 */
export function createLogger({
  level,
  format,
  redact,
  destination = standardOutput(),
  file,
}: LoggerOptions): Logger {
  const isTerminal = destination.isTTY === true;
  const pretty = format === 'pretty' || (format === 'auto' && isTerminal);
  const finish = pretty ? prettifier(isTerminal) : (line: string) => line;
  const stream: DestinationStream = {
    write(line) {
      const harmless = escapeJsonLine(redact(line));
      destination.write(finish(harmless));
      file?.write(harmless);
    },
  };
  return pino(
    {
      level,
      base: undefined,
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
    },
    stream,
  );
}

function standardOutput(): LogDestination {
  const output = openDestination({ dest: 1, sync: true });
  output.on('error', () => {});
  return { write: (line) => output.write(line), isTTY: process.stdout.isTTY };
}
