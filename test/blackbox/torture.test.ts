import { describe, expect, test } from 'vitest';
import type { FakeOpenAI } from '../platforms/openai.ts';
import { platforms } from './far/index.ts';
import { agentOf } from './far/start.ts';
import { together } from './far/together.ts';
import { numberedWords, torturePage } from './torture.ts';

const PAGE = torturePage(60_000);
const WORDS = numberedWords(PAGE);

const saysThePage = (maxMessages: number) => (model: FakeOpenAI) => {
  model.answer = () => PAGE.match(/[\s\S]{1,5000}/gu) ?? [];
  return `turns: { max_messages: ${maxMessages} }\n${agentOf(model)}`;
};

describe('a page that is hard to carry, as text', () => {
  const all = together(saysThePage(1000));

  test.each(Object.keys(platforms))('%s: each word once and in order, within the limits', async (name) => {
    const far = all.far(name);
    const { direct, lengthOf = (text: string) => text.length } = far;
    await direct.say('Tell me everything');
    const words = () => direct.told().flatMap(({ text }) => numberedWords(text));
    await far.until(() => words().at(-1) === WORDS.at(-1), 'the last word');
    expect(words()).toEqual(WORDS);
    for (const { text } of direct.told()) expect(lengthOf(text)).toBeLessThanOrEqual(far.textLimit);
  });
});

describe('a page that is hard to carry, as a file where it would be too many messages', () => {
  const all = together(saysThePage(2));

  test.each(Object.keys(platforms))('%s: its beginning, and all of it in the file', async (name) => {
    const far = all.far(name);
    const { direct } = far;
    await direct.say('Tell me everything');
    const files = () => direct.told().flatMap((one) => one.files);
    const words = () => direct.told().flatMap(({ text }) => numberedWords(text));
    const asFile = PAGE.length > 2 * far.textLimit;
    await far.until(() => (asFile ? files().length > 0 : words().at(-1) === WORDS.at(-1)), 'all of it');
    expect(files().map(String)).toEqual(asFile ? [PAGE] : []);
    expect(words().length).toBeGreaterThan(0);
    expect(WORDS.slice(0, words().length)).toEqual(words());
  });
});
