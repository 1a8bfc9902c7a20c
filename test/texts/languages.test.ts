import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/contract/index.ts';
import { commandTextsIn, languageOfBrowser, languageOfTag, textsIn } from '../../src/texts/index.ts';

const { en: pageEn } = await pageModule<{ en: object }>('texts-en.js');
const { zh: pageZh } = await pageModule<{ zh: object }>('texts-zh.js');

type Text = string | ((...given: unknown[]) => string);

function pageModule<T>(name: string): Promise<T> {
  return import(new URL(`../../adapters/webchat/page/${name}`, import.meta.url).href) as Promise<T>;
}

/** Every text of a tree, by its path: `owner.failed`. */
function flat(tree: object, path = ''): Map<string, Text> {
  const texts = Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? [...flat(value, `${path}${key}.`)]
      : [[`${path}${key}`, value as Text] as const],
  );
  return new Map(texts);
}

/** What is the same in every language: names, commands, and words that stand in a file or on the screen of a program. */
const NAMES =
  /`[^`]*`|<\/?\w+>|\/logins|JavaScript|openclaw-gateway|Esc|Ctrl\+C|\bMB\b|English|WhatsApp|zh-Hans|arg\d+arg/g;

/** A text with something in each of its holes. */
function said(text: Text): string {
  return typeof text === 'string' ? text : text(...given(text));
}

function given(text: (...given: unknown[]) => string): unknown[] {
  return Array.from({ length: text.length }, (_, index) => `arg${index}arg`);
}

describe.each([
  { what: 'the gateway', en: textsIn('en'), zh: textsIn('zh') },
  { what: 'the commands', en: commandTextsIn('en'), zh: commandTextsIn('zh') },
  { what: 'the WebChat page', en: pageEn, zh: pageZh },
])('the texts of $what', ({ en, zh }) => {
  const [english, chinese] = [flat(en), flat(zh)];

  test('are the same in both languages, with the same holes', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [path, text] of english) {
      const other = chinese.get(path);
      expect(typeof other, path).toBe(typeof text);
      expect(other?.length, path).toBe(typeof text === 'string' ? other?.length : text.length);
    }
  });

  test('say something, and all that they are given', () => {
    for (const [path, text] of [...english, ...chinese]) {
      expect(said(text).trim(), path).not.toBe('');
      if (typeof text === 'string') continue;
      const words = said(text);
      // A number chooses the grammar, and a kind the word for it: what comes out is not what went in.
      const shown = given(text).filter((one) => words.includes(String(one)));
      const otherwise = said(english.get(path) as Text);
      expect(shown, path).toEqual(given(text).filter((one) => otherwise.includes(String(one))));
      expect(shown.length, path).toBeGreaterThan(0);
    }
  });

  test('are Chinese in Chinese: nothing was left in English', () => {
    for (const [path, text] of chinese) {
      if (path === 'tag') continue;
      const words = said(text).replaceAll(NAMES, '');
      expect(words, path).not.toMatch(/[A-Za-z]{2,}/);
      if (path !== 'otherLanguage') expect(words, path).toMatch(/\p{Script=Han}/u);
    }
  });
});

test('every language has texts, and names itself', () => {
  for (const language of LANGUAGES) expect(languageOfTag(textsIn(language).tag)).toBe(language);
});

test.each([
  ['zh-hans', 'zh'],
  ['zh-TW', 'zh'],
  ['ZH_cn', 'zh'],
  ['en', 'en'],
  ['en-GB', 'en'],
  ['pt-br', undefined],
  ['zhx', undefined],
  ['', undefined],
])('the tag %s means %s', (tag, language) => {
  expect(languageOfTag(tag)).toBe(language);
});

test.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['fr, en;q=0.3, zh;q=0.7', 'zh'],
  ['en-US;q=0.5,zh-TW;q=0.5', 'en'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['fr-FR,*;q=0.1', undefined],
  ['zh;q=much', undefined],
  [null, undefined],
])('a browser that accepts %s wants %s', (header, language) => {
  expect(languageOfBrowser(header)).toBe(language);
});

test('the gateway has no sentence of its own for people: they are all here', () => {
  const files = globSync('../../src/gateway/**/*.ts', { cwd: import.meta.dirname });
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) {
    const code = readFileSync(join(import.meta.dirname, file), 'utf8').replaceAll(
      /^\s*(\/\/|\/?\*).*$/gm,
      '',
    );
    const strings = [...code.matchAll(/(['"`])((?:(?!\1).)*)\1/g)].map(([, , text = '']) => text);
    // What is for the log and the ledger begins with a small letter.
    expect(
      strings.filter((text) => /^[\p{Lu}_*]\S* \S|\p{Script=Han}/u.test(text)),
      file,
    ).toEqual([]);
  }
});
