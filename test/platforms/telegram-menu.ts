import type { Reply } from './fake-http.ts';
import { accept, type Fields, refuse } from './telegram-answers.ts';

/** As the Bot API has it. */
interface Command {
  command: string;
  description: string;
}

/** The menus of a bot's commands, one for each language and one for everybody else (https://core.telegram.org/bots/api#setmycommands). */
export class FakeMenus {
  /** How often one was filled. */
  filled = 0;
  readonly #menus = new Map<string, readonly Command[]>();

  set({ commands, language_code = '', scope }: Fields): Reply {
    const wanted = (commands ?? []) as readonly Command[];
    if (scope !== undefined) return refuse(400, 'Bad Request: the fake knows only the default scope');
    if (!/^([a-z]{2})?$/.test(String(language_code))) return refuse(400, 'Bad Request: LANG_CODE_INVALID');
    if (wanted.length > 100) return refuse(400, 'Bad Request: BOT_COMMANDS_TOO_MUCH');
    if (!wanted.every(({ command }) => /^[a-z0-9_]{1,32}$/.test(command))) {
      return refuse(400, 'Bad Request: BOT_COMMAND_INVALID');
    }
    if (!wanted.every(({ description }) => description.length >= 1 && description.length <= 256)) {
      return refuse(400, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
    }
    this.filled += 1;
    this.#menus.set(
      String(language_code),
      wanted.map(({ command, description }) => ({ command, description })),
    );
    return accept(true);
  }

  get({ language_code = '' }: Fields): Reply {
    return accept(this.#menus.get(String(language_code)) ?? []);
  }

  /** What a person with this language sees. */
  shownTo(language: string): readonly Command[] {
    return this.#menus.get(language) ?? this.#menus.get('') ?? [];
  }
}
