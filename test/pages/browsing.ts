import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { findChromium, launch } from '../kit/chromium.ts';
import type { BootedPage } from './boot-page.ts';

export type Visit = (house: BootedPage, options?: BrowserContextOptions) => Promise<Page>;

const found = findChromium();
const path = 'path' in found ? found.path : undefined;

const contexts: BrowserContext[] = [];
/** What pages complained about, and whom they asked for something. */
let complaints: string[] = [];
let asked = new Set<string>();

/** Tests in a real browser; `visit` comes as somebody who has never been here. No page may complain, or ask other hosts. */
export function describePage(title: string, run: (visit: Visit) => void): void {
  describe.skipIf(path === undefined)(`${title}${'missing' in found ? ` (${found.missing})` : ''}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch(path ?? '');
    });
    afterAll(() => browser.close());
    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      const trouble = complaints;
      const hosts = [...asked].filter((host) => host !== '127.0.0.1');
      complaints = [];
      asked = new Set();
      expect(trouble).toEqual([]);
      expect(hosts).toEqual([]);
    });

    run(async (house, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options });
      contexts.push(context);
      return open(house, context);
    });
  });
}

/** Another tab of a browser. */
export async function open(house: BootedPage, context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => {
    // A refused connection is what some tests are about.
    const expected =
      /WebSocket connection to|ERR_(CONNECTION|EMPTY|SOCKET_NOT_CONNECTED)|401 \(Unauthorized\)/;
    if (['error', 'warning'].includes(message.type()) && !expected.test(message.text())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.add(new URL(request.url()).hostname));
  await page.goto(house.url);
  return page;
}

export const connected = (page: Page) => page.getByText('Connected', { exact: true }).waitFor();
export const log = (page: Page) => page.getByRole('log', { name: 'Conversation' });
export const shown = (page: Page, text: string) => log(page).getByText(text, { exact: true }).waitFor();
export const growing = (page: Page, text: string) => page.locator('.growing', { hasText: text }).waitFor();

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}
