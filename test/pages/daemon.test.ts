import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Daemon } from '../blackbox/daemon.ts';
import { findChromium, launch } from '../kit/chromium.ts';
import { FakeOpenAI, Gate } from '../platforms/openai.ts';

const found = findChromium();
const path = 'path' in found ? found.path : undefined;

describe.skipIf(path === undefined)(
  `the page and the whole daemon${'missing' in found ? ` (${found.missing})` : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch(path ?? '');
    });
    afterAll(() => browser.close());

    async function visit(daemon: Daemon): Promise<Page> {
      const page = await browser.newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(daemon.url);
      return page;
    }

    const say = async (page: Page, text: string) => {
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      await page.keyboard.press('Enter');
    };
    const inLog = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true });

    it('the first minute: open the address, write, be answered by echo, reload, and it is all there', async () => {
      await using daemon = await Daemon.start('channels: { webchat: {} }\n');
      const page = await visit(daemon);
      await say(page, 'Good morning');
      await page.getByText('no model is connected to it yet').waitFor();
      await page.reload();
      await page.getByText('no model is connected to it yet').waitFor();
      expect(await inLog(page, 'Good morning').count(), 'the question and its echo').toBe(2);
      await say(page, 'And now?');
      await inLog(page, 'And now?').nth(1).waitFor();
      await page.close();
    });

    it('an answer of a model grows on the page, can be stopped, and the request ends at the model too', async () => {
      await using model = await new FakeOpenAI().listen();
      model.gate = new Gate();
      model.say({ chunks: ['One ', 'two ', 'three ', 'four.'] });
      await using daemon = await Daemon.start(`channels: { webchat: {} }\n${agentsOf(model)}`);
      const page = await visit(daemon);
      await say(page, 'Count');
      await page.getByText('Agent is working…').waitFor();
      model.gate.open(2);
      await page.locator('.growing', { hasText: 'One two' }).waitFor();
      await page.getByRole('button', { name: /Stop/ }).click();
      await page.getByText('Stopped.').waitFor();
      await model.until(() => model.underWay === 0, 'the request has ended');
      expect(model.abandoned).toBe(1);
      expect(await page.getByText('three').count()).toBe(0);
      await page.close();
    });

    it('the plug is pulled while the model speaks: after the restart the answer comes, once', async () => {
      await using model = await new FakeOpenAI().listen();
      const gate = new Gate();
      model.gate = gate;
      model.say({ chunks: ['Half an ', 'answer'] }, 'The whole answer.');
      const port = await freePort();
      await using daemon = await Daemon.start(
        `gateway: { port: ${port} }\nchannels: { webchat: {} }\n${agentsOf(model)}`,
      );
      const page = await visit(daemon);
      await say(page, 'Tell me');
      gate.open(1);
      await page.locator('.growing', { hasText: 'Half an' }).waitFor();
      await daemon.kill('SIGKILL');
      await say(page, 'Are you there?');
      await page.getByText('will be sent when the connection is back').waitFor();
      model.gate = undefined;
      model.answer = () => 'Yes, I am.';
      await daemon.boot();
      await inLog(page, 'The whole answer.').waitFor();
      await inLog(page, 'Yes, I am.').waitFor();
      for (const text of ['Tell me', 'Are you there?', 'The whole answer.', 'Yes, I am.']) {
        expect(await inLog(page, text).count(), text).toBe(1);
      }
      await page.reload();
      await inLog(page, 'Yes, I am.').waitFor();
      expect(await page.getByRole('log').getByText('Half an').count()).toBe(0);
      await page.close();
    });
  },
);

const agentsOf = (model: FakeOpenAI) =>
  `agents:\n  default: { type: llm, provider: openai-compatible, base_url: "${model.baseUrl}", model: fake-model }\n`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
