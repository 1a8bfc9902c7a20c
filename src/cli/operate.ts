import { dataDirOf } from '../config/peek.ts';
import { escapeControls } from '../telemetry/escape.ts';
import { askGateway } from './ask-gateway.ts';
import { say, sayJson } from './say.ts';

export interface AskOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** Asks the running gateway; what it answers is what src/cli/control-operations.ts says. */
export async function operate<T>(request: Parameters<typeof askGateway>[1], options: AskOptions): Promise<T> {
  return (await askGateway(dataDirOf(options.config, process.env), request)) as T;
}

/** Prints one thing: as JSON, or as a line. */
export function print<T>(thing: T, line: (thing: T) => string, { json }: AskOptions): void {
  if (json) sayJson(thing);
  else say(line(thing));
}

/** Prints many; `none` is what is said when there are none. */
export function printAll<T>(
  things: readonly T[],
  line: (thing: T) => string,
  none: string,
  options: AskOptions,
): void {
  for (const thing of things) print(thing, line, options);
  if (things.length === 0 && !options.json) say(none);
}

/** What other people call themselves, harmless to a terminal. */
export function plain(text: string | undefined): string {
  return escapeControls(text ?? '').slice(0, 60);
}
