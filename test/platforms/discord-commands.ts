import { isDeepStrictEqual } from 'node:util';
import { refusal } from './discord-posts.ts';
import type { Snowflake } from './discord-world.ts';
import type { FakeRequest, Reply } from './fake-http.ts';

const APPLICATION_COMMAND = 2;
const ANSWER_LATER = 5;
const EPHEMERAL = 1 << 6;

const NAME = /^[-_\p{L}\p{N}]{1,32}$/u;

interface Option {
  type: number;
  name: string;
  description: string;
}

interface Command extends Option {
  description_localizations?: Record<string, string>;
  options?: Option[];
  contexts?: number[];
}

/** The application's commands (https://discord.com/developers/docs/interactions/application-commands), and what was chosen. */
export class FakeCommands {
  /** How often they were written. */
  written = 0;
  /** What those who have chosen one see of it: that the bot is thinking, or nothing more. */
  readonly shown = new Map<Snowflake, 'nothing yet' | 'thinking' | 'gone'>();
  #commands: Command[] = [];

  list(url: URL): Reply {
    const localized = url.searchParams.get('with_localizations') === 'true';
    const body = this.#commands.map(({ description_localizations, options, ...command }, index) => ({
      ...command,
      id: `9000${index}`,
      version: '1',
      default_member_permissions: null,
      nsfw: false,
      ...(options !== undefined && options.length > 0 && { options }),
      ...(localized && { description_localizations }),
    }));
    return { status: 200, body: body.toReversed() };
  }

  overwrite({ body }: FakeRequest): Reply {
    const wanted = body as unknown as Command[];
    const isWrong = ({ name, description, options = [], description_localizations = {} }: Command) =>
      name !== name.toLowerCase() ||
      [name, ...options.map((option) => option.name)].some((one) => !NAME.test(one)) ||
      [
        description,
        ...Object.values(description_localizations),
        ...options.map((one) => one.description),
      ].some((text) => text.length < 1 || text.length > 100);
    const names = new Set(wanted.map(({ name }) => name));
    if (wanted.some(isWrong) || wanted.length > 100 || names.size < wanted.length) {
      return refusal(400, 50_035, 'Invalid Form Body');
    }
    this.written += 1;
    this.#commands = structuredClone(wanted);
    return { status: 200, body: wanted };
  }

  /** The descriptions, by the place and in the language that Discord is set to. */
  menu(locale: string, direct: boolean): string[] {
    return this.#commands
      .filter(({ contexts = [0, 1] }) => contexts.includes(direct ? 1 : 0))
      .map(
        ({ description, description_localizations = {} }) => description_localizations[locale] ?? description,
      );
  }

  /** What is the same wherever it was chosen, and by whomever. */
  chosen(id: Snowflake, description: string, words: string): object {
    const command = this.#commands.find((one) => one.description === description);
    if (command === undefined) throw new Error(`the menu has no "${description}"`);
    const [option] = command.options ?? [];
    if (words !== '' && option === undefined) throw new Error(`${command.name} takes no words`);
    this.shown.set(id, 'nothing yet');
    return {
      id,
      type: APPLICATION_COMMAND,
      token: `fake-interaction-token-${id}`,
      version: 1,
      data: {
        id: '90001',
        name: command.name,
        type: 1,
        ...(words !== '' && { options: [{ name: option?.name, type: option?.type, value: words }] }),
      },
    };
  }

  /** `undefined` for what is no command. */
  answer({ url, body }: FakeRequest): Reply | undefined {
    const [, id = '', token] = /\/interactions\/(\d+)\/([^/]+)\/callback$/.exec(url.pathname) ?? [];
    if (!this.shown.has(id) || token !== `fake-interaction-token-${id}`) return undefined;
    if (this.shown.get(id) !== 'nothing yet') {
      return refusal(400, 40_060, 'Interaction has already been acknowledged');
    }
    if (!isDeepStrictEqual(body, { type: ANSWER_LATER, data: { flags: EPHEMERAL } })) {
      return refusal(400, 50_035, 'Invalid Form Body');
    }
    this.shown.set(id, 'thinking');
    return { status: 204, body: '', headers: { 'content-type': 'text/plain' } };
  }

  /** The bot takes its answer back. */
  withdraw({ url }: FakeRequest): Reply {
    const [, id = ''] = /fake-interaction-token-(\d+)\/messages\/@original$/.exec(url.pathname) ?? [];
    if (this.shown.get(id) !== 'thinking') return refusal(404, 10_015, 'Unknown Webhook');
    this.shown.set(id, 'gone');
    return { status: 204, body: '', headers: { 'content-type': 'text/plain' } };
  }
}
