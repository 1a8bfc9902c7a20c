import { stored } from './storage.js';
import { en } from './texts-en.js';
import { zh } from './texts-zh.js';

/**
 * The language of the page: what the person chose in this browser, or else what the gateway found best for it.
 *
 * @typedef {keyof typeof TEXTS} Language
 */

const KEY = 'openclaw.language';
const TEXTS = { en, zh };

/** @type {Language} */
export let language = chosen() ?? (document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');
export let texts = TEXTS[language];
speak(language);

export function switchLanguage() {
  const next = language === 'en' ? 'zh' : 'en';
  stored((storage) => storage.setItem(KEY, next));
  speak(next);
}

/** For dates and numbers: as the person wants them, if they read this language. */
export function locale() {
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? texts.tag;
}

/** @param {Language} next */
function speak(next) {
  language = next;
  texts = TEXTS[next];
  document.documentElement.lang = texts.tag;
}

/** @returns {Language | undefined} */
function chosen() {
  const kept = stored((storage) => storage.getItem(KEY));
  return kept === 'en' || kept === 'zh' ? kept : undefined;
}
