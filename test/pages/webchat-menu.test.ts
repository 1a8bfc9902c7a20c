import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { MenuCommand } from '../../src/contract/index.ts';
import { bootPage } from './boot-page.ts';
import { connected, describePage, shown } from './browsing.ts';
import { contrastOf } from './looks.ts';

const MENU: readonly MenuCommand[] = [
  { name: 'help', description: { en: 'What can be said here', zh: '可用的命令' } },
  { name: 'link', description: { en: 'Links two <b>chats</b>', zh: '关联两个聊天' }, words: 'code' },
  { name: 'lang', description: { en: 'Chooses the language', zh: '选择语言' }, words: 'en or zh' },
  { name: 'stop', description: { en: 'Ends the answer', zh: '停止回答' } },
];

const field = (page: Page) => page.locator('textarea');
const options = (page: Page) => page.getByRole('option');
const chosen = (page: Page) => page.getByRole('option', { selected: true }).innerText();

describePage('the menu of commands', (visit) => {
  it('opens with a slash, follows what is typed, and says at once what needs no words', async () => {
    await using house = await bootPage();
    await house.setMenu(MENU);
    const page = await visit(house);
    await connected(page);
    await field(page).fill('/');
    await page.getByRole('listbox', { name: 'Commands' }).waitFor();
    expect(await options(page).allInnerTexts()).toEqual([
      expect.stringMatching(/^\/help\s+What can be said here$/),
      expect.stringMatching(/^\/link code\s+Links two <b>chats<\/b>$/),
      expect.stringMatching(/^\/lang en or zh\s+Chooses the language$/),
      expect.stringMatching(/^\/stop\s+Ends the answer$/),
    ]);
    await field(page).pressSequentially('st');
    await expect.poll(() => options(page).count()).toBe(1);
    await field(page).press('Enter');
    await house.turnFor('/stop');
    await shown(page, '/stop');
    expect(await field(page).inputValue()).toBe('');
    expect(await options(page).count()).toBe(0);
  });

  it('leaves room for words, by the arrows and by the pointer', async () => {
    await using house = await bootPage();
    await house.setMenu(MENU);
    const page = await visit(house);
    await connected(page);
    await field(page).pressSequentially('/l');
    await expect.poll(() => chosen(page)).toContain('/link');
    await field(page).press('ArrowDown');
    await expect.poll(() => chosen(page)).toContain('/lang');
    const described = await field(page).getAttribute('aria-activedescendant');
    expect(await page.locator(`#${described}`).innerText()).toContain('/lang');
    await field(page).press('ArrowDown');
    await expect.poll(() => chosen(page)).toContain('/link');
    await field(page).press('ArrowUp');
    await field(page).press('Tab');
    expect(await field(page).inputValue()).toBe('/lang ');

    await field(page).fill('!li');
    await options(page).click();
    expect(await field(page).inputValue()).toBe('/link ');
    await page.keyboard.type('K7Q2');
    await page.keyboard.press('Enter');
    await house.turnFor('/link K7Q2');
    expect(house.stored()).toEqual(['/link K7Q2']);
  });

  it('goes by Escape, which then does not stop the agent, and stays away from other words', async () => {
    await using house = await bootPage();
    await house.setMenu(MENU);
    const page = await visit(house);
    await connected(page);
    for (const text of ['a /', '/unknown', '/link ', '/ help', 'hello']) {
      await field(page).fill(text);
      expect(await options(page).count()).toBe(0);
    }
    await field(page).fill('go');
    await field(page).press('Enter');
    const turn = await house.turnFor('go');
    await page.getByText('Agent is working…').waitFor();
    await field(page).pressSequentially('/he');
    await options(page).waitFor();
    let isStopped = false;
    const stopped = turn.stopped().then(() => {
      isStopped = true;
    });
    await field(page).press('Escape');
    await options(page).waitFor({ state: 'detached' });
    await field(page).press('Enter');
    await house.turnFor('/he');
    expect(isStopped, 'as all that came before').toBe(false);
    await field(page).press('Escape');
    await stopped;
  });

  it('speaks Chinese where the browser does, and follows when the commands change', async () => {
    await using house = await bootPage();
    await house.setMenu(MENU);
    const page = await visit(house, { locale: 'zh-CN' });
    await page.getByText('已连接').waitFor();
    await field(page).fill('/');
    await expect.poll(() => options(page).first().innerText()).toContain('可用的命令');
    await house.setMenu(MENU.slice(3));
    await expect.poll(() => options(page).count()).toBe(1);
    await page.reload();
    await page.getByText('已连接').waitFor();
    await field(page).fill('/');
    await expect.poll(() => options(page).innerText()).toContain('停止回答');
  });

  it.each(['light', 'dark'] as const)('can be read, in the %s, on a narrow screen', async (colorScheme) => {
    await using house = await bootPage();
    await house.setMenu(MENU);
    const page = await visit(house, { colorScheme, viewport: { width: 320, height: 480 } });
    await connected(page);
    await field(page).fill('/');
    await options(page).first().waitFor();
    for (const text of await page.getByRole('option').locator('span').all())
      expect(await contrastOf(text)).toBeGreaterThanOrEqual(4.5);
    const box = await page.getByRole('listbox').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    expect(box?.y).toBeGreaterThanOrEqual(0);
  });
});
