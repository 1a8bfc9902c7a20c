import { createRequire } from 'node:module';
import { escapeDeep } from './escape.ts';

/** Makes a line of JSON one for people. pino-pretty is loaded only where somebody looks. */
export function prettifier(colorize: boolean, time = 'HH:MM:ss.l'): (line: string) => string {
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  const prettify = prettyFactory({
    colorize,
    singleLine: true,
    translateTime: `SYS:${time}`,
    errorLikeObjectKeys: ['err', 'error'],
  });
  return (line) => {
    try {
      return prettify(escapeDeep(JSON.parse(line)));
    } catch {
      return line;
    }
  };
}
