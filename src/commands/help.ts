import type { Language } from '../contract/index.ts';
import type { ChatCommand } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';

const description = { en: 'What I understand', zh: '我听得懂什么' };

/** `/help`: all commands, those of admins only for them, and where they can be given. `/start` is what Telegram says first. */
export function help(others: readonly ChatCommand[]): readonly ChatCommand[] {
  const one: ChatCommand = {
    name: 'help',
    admin: false,
    usage: { en: '', zh: '' },
    description,
    run({ person, language, message }) {
      const { intro, adminIntro } = commandTextsIn(language).help;
      const known = [one, ...others].filter(({ unlisted }) => unlisted !== true);
      const isDirect = message.chat.kind === 'direct';
      const forAll = known.filter(({ admin, direct }) => !admin && (isDirect || direct !== true));
      const forAdmins = person.isAdmin && isDirect ? known.filter(({ admin }) => admin) : [];
      return [
        intro,
        list(forAll, language),
        ...(forAdmins.length > 0 ? [adminIntro, list(forAdmins, language)] : []),
      ].join('\n\n');
    },
  };
  return [one, { ...one, name: 'start', unlisted: true }];
}

function list(commands: readonly ChatCommand[], language: Language): string {
  return commands
    .map((command) => `- \`${usageOf(command, language)}\`: ${command.description[language]}`)
    .join('\n');
}

/** How a command is written. */
export function usageOf({ name, usage }: ChatCommand, language: Language): string {
  return `/${name} ${usage[language]}`.trimEnd();
}
