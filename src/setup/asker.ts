import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { StartError } from '../contract/index.ts';

export interface Question {
  /** How a script answers it: `--set <key>=…`. */
  readonly key: string;
  readonly words: string;
  /** What can be chosen; by its name or its number. */
  readonly choices?: readonly string[];
  /** What an empty answer means. */
  readonly fallback?: string;
  /** How the fallback is shown, where it is not to be shown as it is. */
  readonly fallbackWords?: string;
  /** What is typed stays hidden. */
  readonly hidden?: boolean;
}

/** Who answers the questions of the set-up. */
export interface Asker {
  /** Aborts when the person wants to stop. */
  readonly stopped: AbortSignal;
  say(text: string): void;
  /** Rejects with a StartError when there is nobody to ask, or the person wants to stop. */
  ask(question: Question): Promise<string>;
  /** Says what is wrong with an answer; throws a StartError when nobody could give another. */
  refuse(key: string, reason: string): void;
}

/** For scripts: every answer is a flag or has a default. */
export function askNobody(output: NodeJS.WritableStream): Asker {
  return {
    stopped: new AbortController().signal,
    say: (text) => void output.write(`${text}\n`),
    async ask({ key, words, fallback }) {
      if (fallback !== undefined) return fallback;
      throw new StartError(`${key} is missing: ${words}`, {
        hint: `Say --set '${key}=…'. A secret goes into the environment, and its name here: --set '${key}=\${NAME}'.`,
        exitCode: 64,
      });
    },
    refuse(key, reason) {
      throw new StartError(`${key}: ${reason}`, { hint: 'Nothing was written.', exitCode: 1 });
    },
  };
}

/** For a person at a terminal. To be disposed of, or the process does not end. */
export function askTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Asker & Disposable {
  let hides = false;
  const screen = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hides) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: screen, terminal: true, historySize: 0 });
  const stop = new AbortController();
  lines.on('SIGINT', () => stop.abort());
  lines.on('close', () => stop.abort());
  return {
    stopped: stop.signal,
    say: (text) => void output.write(`${text}\n`),
    async ask({ words, choices = [], fallback, fallbackWords = fallback, hidden = false }) {
      const offer = fallbackWords === undefined ? '' : ` [${fallbackWords}]`;
      output.write(`\n${words}${offer}${hidden ? ' (what you type stays hidden)' : ''}\n`);
      for (const [index, name] of choices.entries()) output.write(`  ${index + 1}  ${name}\n`);
      try {
        const answer = lines.question('> ', { signal: stop.signal });
        hides = hidden;
        const text = (await answer).trim();
        return text === '' && fallback !== undefined ? fallback : text;
      } catch {
        output.write('\n');
        throw new StartError('Stopped. Nothing was written.', { exitCode: 1 });
      } finally {
        if (hidden) output.write('\n');
        hides = false;
      }
    },
    refuse: (_key, reason) => void output.write(`  That does not do: ${reason}\n`),
    [Symbol.dispose]: () => lines.close(),
  };
}
