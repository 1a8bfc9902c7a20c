import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';

/** Sequences of xterm, which all terminals of today follow: the alternate screen, without a cursor, and back. */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

const STANDARD_OUTPUT = 1;
const CTRL_C = '\u0003';
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The whole of a terminal, given back as it was however the process ends (but by SIGKILL, of which nobody hears). */
export interface Screen {
  /** Shows these lines, cut to the screen's size; anew when that changes. */
  show(lines: readonly string[]): void;
  /** Aborts when a person wants to leave: by q, Ctrl-C, or a signal. */
  readonly left: AbortSignal;
  close(): void;
}

export function openScreen(output: WriteStream, input: ReadStream): Screen {
  const leave = new AbortController();
  const leaveNow = () => leave.abort();
  let shown: readonly string[] = [];

  function draw(): void {
    const { columns, rows } = output;
    const lines = shown.slice(0, rows).map((line) => line.slice(0, columns).toWellFormed() + CLEAR_LINE);
    // No line break after the last: it would scroll.
    output.write(HOME + lines.join('\n') + CLEAR_BELOW);
  }
  function onKey(key: Buffer): void {
    if (['q', 'Q', CTRL_C].includes(String(key))) leaveNow();
  }
  function restore(): void {
    try {
      writeSync(STANDARD_OUTPUT, LEAVE);
    } catch {
      // The terminal is gone.
    }
  }

  for (const signal of SIGNALS) process.on(signal, leaveNow);
  process.on('exit', restore);
  output.on('resize', draw);
  input.setRawMode(true).on('data', onKey).resume();
  output.write(ENTER);
  return {
    left: leave.signal,
    show(lines) {
      shown = lines;
      draw();
    },
    close() {
      for (const signal of SIGNALS) process.off(signal, leaveNow);
      process.off('exit', restore);
      output.off('resize', draw);
      input.off('data', onKey).setRawMode(false).pause();
      restore();
    },
  };
}
