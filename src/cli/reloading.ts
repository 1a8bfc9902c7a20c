import { type Config, differenceOf, taken } from '../config/index.ts';
import { errorText, StartError } from '../contract/index.ts';
import { unsafety } from '../server/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Redactor } from '../telemetry/redact.ts';
import { changesInWords } from './changes-in-words.ts';
import { makeParts, type Parts } from './parts.ts';
import { readConfig } from './read-config.ts';

/**
 * Has a running gateway go by its configuration file as it is now. All of it is read, checked and made first, and only then
 * is any of it applied; so a file with a mistake changes nothing.
 */
export class Reloading {
  readonly #file: string;
  readonly #redactor: Redactor;
  readonly #apply: (config: Config, parts: Parts) => Promise<void>;
  readonly #log: Logger;
  #config: Config;
  #parts: Parts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: {
    /** As the owner names it. */
    file: string;
    config: Config;
    parts: Parts;
    /** Learns the secrets of a configuration before anything is done with it. */
    redactor: Redactor;
    apply: (config: Config, parts: Parts) => Promise<void>;
    log: Logger;
  }) {
    this.#file = options.file;
    this.#config = options.config;
    this.#parts = options.parts;
    this.#redactor = options.redactor;
    this.#apply = options.apply;
    this.#log = options.log;
  }

  /** Resolves with what has changed, a line each. Rejects with a StartError when all stays as it was. One after the other. */
  reload(): Promise<readonly string[]> {
    const reloaded = this.#last.then(() => this.#reload());
    this.#last = reloaded.catch(() => {});
    return reloaded;
  }

  async #reload(): Promise<readonly string[]> {
    try {
      const lines = await this.#take();
      this.#log.info({ changes: lines }, `the configuration was read anew: ${lines.join('; ')}`);
      return lines;
    } catch (error) {
      const refusal = this.#refusal(error);
      for (const line of refusal.message.split('\n')) this.#log.error(line);
      this.#log.error({ hint: refusal.hint }, 'the configuration was not taken, and all stays as it was');
      throw refusal;
    }
  }

  /** For the log, and for whoever asked, in a chat perhaps. */
  #refusal(error: unknown): StartError {
    const { redact } = this.#redactor;
    const message = redact(errorText(error));
    // An adapter or an agent that cannot be made does not always say so in words for its owner.
    if (!(error instanceof StartError)) return new StartError(message, { exitCode: 1, cause: error });
    const { hint, exitCode } = error;
    return new StartError(message, {
      ...(hint !== undefined && { hint: redact(hint) }),
      exitCode,
      cause: error,
    });
  }

  async #take(): Promise<readonly string[]> {
    const now = this.#config;
    const next = await readConfig(this.#file, (read) => openTillRestart(taken(now, read), read));
    this.#redactor.learn(next.secrets);
    const config = taken(now, next);
    const parts = await makeParts(config, { config: now, parts: this.#parts });
    this.#config = config;
    this.#parts = parts;
    await this.#apply(config, parts);
    return changesInWords(differenceOf(now, next));
  }
}

/** The address stays until a restart: one that strangers reach is not to lose its token before. */
function openTillRestart({ gateway }: Config, next: Config): { path: string[]; message: string }[] {
  if (unsafety(gateway) === undefined || unsafety(next.gateway) !== undefined) return [];
  const message = `counts after a restart, and till then others reach ${gateway.host}: keep gateway.token till then, or restart`;
  return [{ path: ['gateway', 'host'], message }];
}
