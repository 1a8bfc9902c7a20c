import type { Language } from '../contract/index.ts';
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { usageOf } from './help.ts';

/** What people may call a language. */
const LANGUAGES: Readonly<Record<string, Language>> = {
  en: 'en',
  english: 'en',
  英文: 'en',
  英语: 'en',
  zh: 'zh',
  cn: 'zh',
  chinese: 'zh',
  中文: 'zh',
  汉语: 'zh',
};

/** `/lang`: what the gateway speaks with this person. */
export function lang({ people }: Operations): ChatCommand {
  const command: ChatCommand = {
    name: 'lang',
    admin: false,
    usage: { en: '[en | zh | auto]', zh: '[en | zh | auto]' },
    description: { en: 'English or Chinese', zh: '中文或英文' },
    run({ person, language, rest }) {
      const word = rest.toLowerCase();
      const now = commandTextsIn(language);
      if (word === '') return now.lang.current;
      if (word === 'auto') {
        return () => {
          people.speak(person.user, undefined);
          return now.lang.auto;
        };
      }
      const chosen = Object.hasOwn(LANGUAGES, word) ? LANGUAGES[word] : undefined;
      if (chosen === undefined) return now.usage(usageOf(command, language));
      return () => {
        people.speak(person.user, chosen);
        return commandTextsIn(chosen).lang.done;
      };
    },
  };
  return command;
}
