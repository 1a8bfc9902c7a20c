import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { OutboundFile } from '../../src/contract/index.ts';
import { type BootedPage, bootPage } from './boot-page.ts';
import { connected, describePage, log, open, say, shown } from './browsing.ts';
import { contrastOf } from './looks.ts';

/** Two pixels by one. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEElEQVR42mNgYGD4D8UMAAsBAf8iKF+5AAAAAElFTkSuQmCC',
  'base64',
);
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PICTURE });

function saved(house: BootedPage, name: string, mime: string, content: Buffer | string): OutboundFile {
  const path = join(house.folder, encodeURIComponent(name));
  writeFileSync(path, content);
  return { kind: mime.startsWith('image/') ? 'image' : 'file', path, name, mime, bytes: content.length };
}

const attached = (page: Page) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const uploaded = (page: Page) => page.locator('.composer:has(.attached):not(:has(progress))').waitFor();
const isLoaded = (page: Page, name: string) =>
  page.getByRole('img', { name }).evaluate(async (image) => {
    await image.decode();
    return image.naturalWidth;
  });

/** How much of the log is below what is seen of it, when the page has come to rest. */
const hiddenBelow = (page: Page) =>
  page.locator('.scroller').evaluate(async (scroller) => {
    const window = scroller.ownerDocument.defaultView;
    for (let frames = 0; frames < 2; frames += 1)
      await new Promise((next) => window.requestAnimationFrame(next));
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  });

describePage('files, buttons and reactions on the chat page', (visit) => {
  it('shows pictures of the agent, and hands out its other files, also after a reload', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'show me');
    const turn = await house.turnFor('show me');
    await turn.answer('Here you are.', {
      files: [
        saved(house, 'cat <b>.png', 'image/png', PICTURE),
        saved(house, 'report.html', 'text/html', '<script>alert(1)</script>'),
      ],
    });
    for (let visits = 0; visits < 2; visits += 1) {
      await shown(page, 'Here you are.');
      expect(await isLoaded(page, 'cat <b>.png')).toBe(2);
      const link = log(page).getByRole('link', { name: /report\.html/ });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toBe('report.html');
      await page.reload();
    }
  });

  it('opens a picture, and nothing else, in a tab of its own', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'show me');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>opener.pwned = 1</script></svg>';
    await (await house.turnFor('show me')).answer('Look', {
      files: [saved(house, 'cat.png', 'image/png', PICTURE), saved(house, 'x.svg', 'image/svg+xml', svg)],
    });
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      log(page).getByRole('link', { name: 'cat.png' }).click(),
    ]);
    await tab.locator('img').waitFor();
    expect(tab.url()).toMatch(/\/channels\/webchat\/files\/turn1-0\/0$/);
    expect(await tab.title()).toContain('2×1');
    expect(await log(page).locator('img').count()).toBe(1);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate("window.open('files/turn1-0/1')"),
    ]);
    expect(download.suggestedFilename()).toBe('x.svg');
    expect(await page.evaluate('window.pwned')).toBeUndefined();
  });

  it('says which picture is no longer there', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'show me');
    const broken = saved(house, 'cat.png', 'image/png', 'no picture at all');
    await (await house.turnFor('show me')).answer('Look', { files: [broken] });
    await log(page).locator('.file', { hasText: 'cat.png' }).waitFor();
    expect(await log(page).locator('img').count()).toBe(0);
  });

  it.each(['button', 'paste', 'drop'])('attaches files by %s, and sends them', async (way) => {
    await using house = await bootPage();
    const page = await visit(house);
    await connected(page);
    if (way === 'button') {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Attach files' }).click(),
      ]);
      await chooser.setFiles([
        picture('cat.png'),
        { name: 'a.txt', mimeType: 'text/plain', buffer: PICTURE },
      ]);
    } else {
      await page.evaluate(handOver(way));
    }
    expect(await attached(page).count()).toBe(2);
    await uploaded(page);
    await say(page, 'Look at these');
    const { message } = await house.turnFor('Look at these');
    expect(message.attachments).toMatchObject([
      { kind: 'image', name: 'cat.png', mime: 'image/png', bytes: PICTURE.length },
      { kind: 'file', name: 'a.txt', mime: 'text/plain', bytes: PICTURE.length },
    ]);
    expect(await house.filesOf(message)).toEqual([PICTURE, PICTURE]);
    expect(await attached(page).count()).toBe(0);
    for (let visits = 0; visits < 2; visits += 1) {
      expect(await isLoaded(page, 'cat.png')).toBe(2);
      await log(page).locator('.file', { hasText: 'a.txt' }).waitFor();
      await page.reload();
    }
  });

  /** What a browser does when somebody pastes or drops two files. */
  const handOver = (way: string) => `{
    const bytes = Uint8Array.from(atob('${PICTURE.toString('base64')}'), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'cat.png', { type: 'image/png' }));
    data.items.add(new File([bytes], 'a.txt', { type: 'text/plain' }));
    const init = { bubbles: true, cancelable: true };
    const field = document.querySelector('textarea');
    if ('${way}' === 'paste') field.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }));
    else for (const name of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(name, { ...init, dataTransfer: data }));
  }`;

  it('goes on with an upload when the connection is back, piece by piece', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await connected(page);
    house.network.swallowAnswers();
    const film = Buffer.from(Array.from({ length: 1_300_000 }, (_, index) => index % 251));
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'film.mp4', mimeType: 'video/mp4', buffer: film });
    await page.getByText('Uploading a file…').waitFor();
    await page.getByRole('progressbar', { name: 'Upload of film.mp4' }).waitFor();
    await page.getByRole('textbox').fill('A film');
    await page.keyboard.press('Enter');
    expect(house.stored()).toEqual([]);
    house.network.down();
    await page.getByText('No connection – trying again').waitFor();
    house.network.up();
    await uploaded(page);
    await page.getByRole('button', { name: 'Send' }).click();
    const { message } = await house.turnFor('A film');
    expect(await house.filesOf(message)).toEqual([film]);
  });

  it('says what cannot be sent, and why, until it is removed', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    const huge = join(house.folder, 'huge.iso');
    writeFileSync(huge, '');
    truncateSync(huge, 20_000_001);
    const empty = join(house.folder, 'empty.txt');
    writeFileSync(empty, '');
    const cat = join(house.folder, 'cat.png');
    writeFileSync(cat, PICTURE);
    await page.locator('input[type=file]').setInputFiles([huge, empty, cat]);
    await page.getByText('huge.iso cannot be sent. It is larger than 20 MB.').waitFor();
    await uploaded(page);
    await page.getByRole('textbox').fill('Here');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove huge.iso' }).click();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await page.getByText('empty.txt cannot be sent. It is empty.').waitFor();
    await page.getByRole('button', { name: 'Remove empty.txt' }).click();
    expect(house.stored()).toEqual([]);
    await page.getByRole('button', { name: 'Send' }).click();
    expect((await house.turnFor('Here')).message.attachments).toHaveLength(1);

    await page
      .locator('input[type=file]')
      .setInputFiles(Array.from({ length: 11 }, (_, n) => picture(`${n}.png`)));
    await page.getByText('At most 10 files go with one message.').waitFor();
    expect(await attached(page).count()).toBe(10);
  });

  it('keeps the end in view while pictures load and files are attached', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await connected(page);
    const big = saved(house, 'big.png', 'image/png', await page.screenshot());
    await say(page, 'show me');
    const turn = await house.turnFor('show me');
    await turn.answer(`${'line\n\n'.repeat(40)}the end`, { files: [big] });
    await isLoaded(page, 'big.png');
    expect(
      await page.getByRole('img', { name: 'big.png' }).evaluate((image) => image.height),
    ).toBeGreaterThan(200);
    expect(await hiddenBelow(page)).toBeLessThan(2);
    const names = Array.from({ length: 10 }, (_, n) => `a picture with the name ${n}.png`);
    await page.locator('input[type=file]').setInputFiles(names.map(picture));
    await uploaded(page);
    expect(await hiddenBelow(page)).toBeLessThan(2);
    // A scroll can be told of when the log has already become smaller.
    await page.locator('.scroller').evaluate((scroller) => {
      scroller.ownerDocument.querySelector('footer').style.paddingTop = '200px';
      scroller.dispatchEvent(new scroller.ownerDocument.defaultView.Event('scroll'));
    });
    expect(await hiddenBelow(page)).toBeLessThan(2);
    expect(await page.getByRole('button', { name: 'Jump to latest' }).count()).toBe(0);
  });

  it('keeps a message with files that was not confirmed, and sends it once', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    house.breakStore(true);
    await page.locator('input[type=file]').setInputFiles(picture('cat.png'));
    await uploaded(page);
    await say(page, 'patience');
    await log(page).getByText('Not sent yet – trying again.').waitFor();
    await page.reload();
    await log(page).locator('.file', { hasText: 'cat.png' }).waitFor();
    house.breakStore(false);
    const { message } = await house.turnFor('patience');
    expect(await house.filesOf(message)).toEqual([PICTURE]);
    expect(await isLoaded(page, 'cat.png')).toBe(2);
    expect(house.stored()).toEqual(['patience']);
  });

  it('shows buttons under a question; the one that is pressed is what the person says', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    const other = await open(house, page.context());
    await connected(other);
    await say(page, 'thirsty');
    await (await house.turnFor('thirsty')).answer('What would you like?', {
      choices: ['Tea', 'Coffee & <b>cake</b>'],
    });
    const choices = page.getByRole('group', { name: 'Choose an answer' });
    await choices.getByRole('button', { name: 'Tea' }).waitFor();
    await page.reload();
    const cake = choices.getByRole('button', { name: 'Coffee & <b>cake</b>' });
    await cake.focus();
    await cake.evaluate((button) => {
      button.click();
      button.click();
    });
    const { message } = await house.turnFor('Coffee & <b>cake</b>');
    expect(message).toMatchObject({ choice: { of: 'turn1-0' }, addressed: true });
    for (const tab of [page, other]) {
      await log(tab).locator('.bubble', { hasText: 'Coffee & <b>cake</b>' }).waitFor();
      await tab.getByRole('group').waitFor({ state: 'detached' });
    }
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Messages');
    expect(house.stored()).toEqual(['thirsty', 'Coffee & <b>cake</b>']);
    await page.reload();
    await shown(page, 'What would you like?');
    expect(await choices.count()).toBe(0);
  });

  it('takes the buttons away from who writes instead', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'thirsty');
    await (await house.turnFor('thirsty')).answer('Tea?', { choices: ['Yes', 'No'] });
    await page.getByRole('button', { name: 'Yes' }).waitFor();
    await say(page, 'Water, please');
    await page.getByRole('group').waitFor({ state: 'detached' });
    expect((await house.turnFor('Water, please')).message.choice).toBeUndefined();
  });

  it('shows a reaction under what the person said', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'Good news');
    const turn = await house.turnFor('Good news');
    await turn.react('👀');
    await log(page).getByText('The agent reacts: 👀').waitFor();
    house.network.down();
    await page.getByText('No connection – trying again').waitFor();
    await turn.react('👍');
    house.network.up();
    for (let visits = 0; visits < 2; visits += 1) {
      await log(page)
        .locator('.person', { hasText: 'Good news' })
        .getByText('The agent reacts: 👍')
        .waitFor();
      expect(await log(page).locator('.reaction').count()).toBe(1);
      await page.reload();
    }
  });

  it.each(['light', 'dark'] as const)('can be read in %s colours', async (colorScheme) => {
    await using house = await bootPage();
    const page = await visit(house, { colorScheme });
    await say(page, 'hello');
    await (await house.turnFor('hello')).answer('Here', {
      files: [saved(house, 'a.pdf', 'application/pdf', 'x')],
      choices: ['Fine'],
    });
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a', mimeType: '', buffer: Buffer.alloc(0) });
    for (const place of [
      '.line .file-name',
      '.file-size',
      '.choices button',
      '.trouble',
      '.problem .file-size',
    ]) {
      await page.locator(place).first().waitFor();
      expect(await contrastOf(page.locator(place).first()), place).toBeGreaterThan(4.5);
    }
  });

  it('fits a phone with all of it', async () => {
    await using house = await bootPage();
    const page = await visit(house, {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    const name = `${'long'.repeat(40)}.png`;
    await page.locator('input[type=file]').setInputFiles([picture(name), picture('short.png')]);
    await uploaded(page);
    await say(page, 'Look');
    await (await house.turnFor('Look')).answer('And now?', {
      files: [
        saved(house, 'wide.png', 'image/png', PICTURE),
        saved(house, `${'long'.repeat(30)}.pdf`, 'application/pdf', 'pdf'),
      ],
      choices: ['x'.repeat(80), 'A choice of many words, which are far too many for one line of a phone'],
    });
    await page.getByRole('button', { name: 'xxx' }).waitFor();
    await page.locator('input[type=file]').setInputFiles([picture(name), picture('short.png')]);
    await uploaded(page);
    expect(
      await page.locator('.scroller').evaluate((scroller) => scroller.scrollWidth - scroller.clientWidth),
    ).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const outside = await page
      .locator('.file, .picture, .files, .choices button, .attached, .composer, .send')
      .evaluateAll((elements) =>
        elements
          .filter((element) => element.getBoundingClientRect().right > 360)
          .map((element) => element.className),
      );
    expect(outside).toEqual([]);
  });
});
