import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openMenu } from '../../../adapters/webchat/menu.ts';
import type { MenuCommand } from '../../../src/contract/index.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { bootHub } from './memory-hub.ts';
import { browser } from './tab-client.ts';

const HELP: MenuCommand = { name: 'help', description: { en: 'Helps', zh: '帮助' } };
const LINK: MenuCommand = { name: 'link', description: { en: 'Links', zh: '关联' }, words: 'code' };
const { signal } = new AbortController();

it('every open page hears of the menu when it changes, and of nothing when it does not', async () => {
  await using hub = await bootHub();
  const [ann, bob] = [await browser(hub), await browser(hub)];
  using hers = await ann.open();
  using his = await bob.open();
  for (const tab of [hers, his]) expect((await tab.hello()).menu).toEqual([]);
  await hub.adapter.setMenu?.([HELP, LINK], signal);
  for (const tab of [hers, his]) expect((await tab.next('menu')).commands).toEqual([HELP, LINK]);
  await hub.adapter.setMenu?.([HELP, LINK], signal);
  hers.say({ type: 'ping' });
  await hers.next('pong');
  expect(hers.heard.filter(({ type }) => type === 'menu')).toEqual([]);
});

it('outlives a restart, for the gateway tells it only when it changes', async () => {
  await using hub = await bootHub();
  await hub.adapter.setMenu?.([HELP], signal);
  await hub.restart();
  using tab = await (await browser(hub)).open();
  expect((await tab.hello()).menu).toEqual([HELP]);
});

it.each(['', '{', '[{"name":1}]', '{"__proto__":[]}'])('a damaged file (%s) is no menu', async (content) => {
  using folder = emptyFolder();
  writeFileSync(join(folder.path, 'menu.json'), content);
  const menu = await openMenu(folder.path);
  expect(menu.commands).toEqual([]);
  expect(await menu.set([HELP])).toBe(true);
  expect((await openMenu(folder.path)).commands).toEqual([HELP]);
});
