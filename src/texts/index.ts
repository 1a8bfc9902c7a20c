import { LANGUAGES, type Language } from '../contract/index.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

export { type CommandTexts, commandTextsIn } from './commands.ts';

/** Every text that people see in a chat or on a page, in one language. What operators read (log, commands, config) is English. */
export type Texts = typeof en;

const TEXTS: Readonly<Record<Language, Texts>> = { en, zh };

export function textsIn(language: Language): Texts {
  return TEXTS[language];
}

/** The language of ours that a BCP 47 tag means: `zh-hans` and `zh-TW` are `zh`. */
export function languageOfTag(tag: string): Language | undefined {
  const [primary] = tag.toLowerCase().split(/[-_]/);
  return LANGUAGES.find((language) => language === primary);
}

/** What a browser likes best of what we speak, by its header `Accept-Language`. */
export function languageOfBrowser(accepted: string | null | undefined): Language | undefined {
  return (accepted ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', quality = ''] = range.trim().split(/\s*;\s*q=/i);
      return { language: languageOfTag(tag), weight: quality === '' ? 1 : Number(quality) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .find(({ language }) => language !== undefined)?.language;
}
