import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeOpenAI } from '../platforms/openai.ts';
import type { Daemon } from './daemon.ts';
import { type Far, platforms } from './far/index.ts';
import { agentOf, startWith } from './far/start.ts';
import { numberedWords, torturePage } from './torture.ts';

const PAGE = torturePage(60_000);
const WORDS = numberedWords(PAGE);

/** Every platform, on one daemon whose model says the page. */
function onAll(turns: string) {
  const fars = new Map<string, Far>();
  let model: FakeOpenAI;
  let daemon: Daemon;
  beforeAll(async () => {
    for (const [name, platform] of Object.entries(platforms)) fars.set(name, await platform());
    model = await new FakeOpenAI().listen();
    model.answer = () => PAGE.match(/[\s\S]{1,5000}/gu) ?? [];
    daemon = await startWith([...fars.values()], turns + agentOf(model));
  });
  afterAll(async () => {
    await daemon.kill('SIGTERM');
    const troubles = daemon.lines.filter(({ level }) => level >= 40).map(({ msg }) => msg);
    await Promise.all([daemon, model, ...fars.values()].map((one) => one[Symbol.asyncDispose]()));
    expect(troubles).toEqual([]);
  });
  return (name: string) => fars.get(name) ?? expect.fail();
}

describe('a page that is hard to carry, as text', () => {
  const farOf = onAll('turns: { max_messages: 1000 }\n');

  test.each(Object.keys(platforms))('%s: each word once and in order, within the limits', async (name) => {
    const far = farOf(name);
    const { direct, lengthOf = (text: string) => text.length } = far;
    await direct.say('Tell me everything');
    const words = () => direct.told().flatMap(({ text }) => numberedWords(text));
    await far.until(() => words().at(-1) === WORDS.at(-1), 'the last word');
    expect(words()).toEqual(WORDS);
    for (const { text } of direct.told()) expect(lengthOf(text)).toBeLessThanOrEqual(far.textLimit);
  });
});

describe('a page that is hard to carry, as a file where it would be too many messages', () => {
  const farOf = onAll('turns: { max_messages: 2 }\n');

  test.each(Object.keys(platforms))('%s: its beginning, and all of it in the file', async (name) => {
    const far = farOf(name);
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
