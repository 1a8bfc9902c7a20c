import type { Language } from '../contract/index.ts';
import { commandsEn } from './commands.en.ts';
import { commandsZh } from './commands.zh.ts';

/** What commands in a chat answer, in one language. */
export type CommandTexts = typeof commandsEn;

const TEXTS: Readonly<Record<Language, CommandTexts>> = { en: commandsEn, zh: commandsZh };

export function commandTextsIn(language: Language): CommandTexts {
  return TEXTS[language];
}
