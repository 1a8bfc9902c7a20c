import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { textsIn } from '../../src/texts/index.ts';
import { bootPage } from './boot-page.ts';
import { describePage, open } from './browsing.ts';

const HAN = /\p{Script=Han}/u;

/** All words of the page, those for screen readers included; not what was said, and not the switch itself. */
const wordsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const words: string[] = [];
    const { document } = globalThis as unknown as { document: PageDocument };
    for (const element of document.querySelectorAll(
      'body *:not(h1, .language, .bubble, .markdown p, script)',
    )) {
      for (const name of ['aria-label', 'placeholder']) words.push(element.getAttribute(name) ?? '');
      for (const node of element.childNodes) if (node.nodeType === 3) words.push(node.textContent ?? '');
    }
    return words.map((word) => word.trim()).filter((word) => /\p{L}{2,}/u.test(word));
  });

interface PageDocument {
  querySelectorAll(selector: string): Iterable<{
    getAttribute(name: string): string | null;
    childNodes: Iterable<{ nodeType: number; textContent: string | null }>;
  }>;
}

/** A little of everything that the page can show. */
async function talk(page: Page, house: Awaited<ReturnType<typeof bootPage>>): Promise<string> {
  const said = '1, 2, 3?';
  await page.locator('textarea').fill(said);
  await page.locator('.send').click();
  const turn = await house.turnFor(said);
  await page.locator('.stop').waitFor();
  await turn.answer('```\n4\n```\n5?', { choices: ['6', '7'] });
  await page.locator('.choices').waitFor();
  await turn.react('👍');
  await page.locator('.reaction').waitFor();
  const empty = { name: '8.9', mimeType: 'text/plain', buffer: Buffer.alloc(0) };
  await page.locator('input[type=file]').setInputFiles(empty);
  await page.locator('.trouble.problem').waitFor();
  return turn.message.sender.language ?? '';
}

describePage('the languages of the page', (visit) => {
  it('are that of the browser, in every word and for the gateway', async () => {
    for (const [locale, language, isOurs] of [
      ['zh-CN', 'zh', (word: string) => HAN.test(word)],
      ['en-GB', 'en', (word: string) => !HAN.test(word)],
    ] as const) {
      await using house = await bootPage();
      const page = await visit(house, { locale });
      await page.locator('.welcome').waitFor();
      expect((await wordsOf(page)).filter((word) => !isOurs(word))).toEqual([]);
      expect(await talk(page, house)).toBe(language);
      const words = await wordsOf(page);
      expect(words.length).toBeGreaterThan(10);
      expect(words.filter((word) => !isOurs(word))).toEqual([]);
      expect(await page.locator('html').getAttribute('lang')).toBe(textsIn(language).tag);
    }
  });

  it('can be switched: at once, for what stands there already, and in this browser from then on', async () => {
    await using house = await bootPage();
    const page = await visit(house, { locale: 'en-GB' });
    await page.locator('textarea').fill('a draft');
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByText('已连接').waitFor();
    expect(await page.locator('textarea').inputValue(), 'nothing is lost').toBe('a draft');
    expect(await talk(page, house)).toBe('zh');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Copy' }).waitFor();
    await page.getByText('It is empty.', { exact: true }).waitFor();
    expect((await wordsOf(page)).filter((word) => HAN.test(word))).toEqual([]);
    await page.getByRole('button', { name: '中文' }).click();
    await page.reload();
    await page.getByRole('button', { name: '复制' }).waitFor();
    const other = await open(house, page.context());
    await other.getByText('已连接').waitFor();
    expect(await other.locator('html').getAttribute('lang')).toBe('zh-Hans');
  });

  it('begin with the asking for the token', async () => {
    await using house = await bootPage({ token: 'a-long-token-of-the-gateway' });
    const page = await visit(house, { locale: 'zh-CN' });
    await page.getByLabel('令牌').fill('wrong');
    await page.getByRole('button', { name: '继续' }).click();
    await page.getByText('令牌不正确。').waitFor();
    expect((await wordsOf(page)).filter((word) => !HAN.test(word))).toEqual(['gateway.token']);
    await page.getByLabel('令牌').fill('a-long-token-of-the-gateway');
    await page.getByRole('button', { name: '继续' }).click();
    await page.getByText('已连接').waitFor();
  });
});
