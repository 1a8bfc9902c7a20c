import { expect, test } from 'vitest';
import type { MenuCommand } from '../../../src/contract/index.ts';
import { refusal } from './refusal.ts';
import { failure, PATIENT, type Setup, setUp } from './setup.ts';

const MENU: readonly MenuCommand[] = [
  {
    name: 'restart-channel',
    description: { en: 'Connects a channel anew', zh: '重新连接一个渠道' },
    words: 'channel',
  },
];

async function started(): Promise<Setup> {
  const it = await setUp();
  await it.adapter.start(it.host);
  return it;
}

test('names are as Telegram takes them; who has no menu in their language reads English', async () => {
  await using it = await started();
  await it.adapter.setMenu?.(MENU, PATIENT);
  expect(it.platform.menus.shownTo('de')).toEqual([
    { command: 'restart_channel', description: 'Connects a channel anew' },
  ]);
  expect(it.platform.menus.shownTo('zh')).toEqual([
    { command: 'restart_channel', description: '重新连接一个渠道' },
  ]);
});

test('what is chosen in a group says whose command it is, and comes without that', async () => {
  await using it = await started();
  await it.adapter.setMenu?.(MENU, PATIENT);
  it.platform.pick(-1001, 'Connects a channel anew');
  await it.host.until(() => it.host.messages.length === 1, 'the command');
  expect(it.host.messages[0]).toMatchObject({ text: '/restart-channel', addressed: true });
});

test('only the language that differs is filled', async () => {
  await using it = await started();
  await it.adapter.setMenu?.(MENU, PATIENT);
  const changed = MENU.map((command) => ({
    ...command,
    description: { ...command.description, zh: '重启' },
  }));
  await it.adapter.setMenu?.(changed, PATIENT);
  expect(it.platform.menus.filled).toBe(3);
});

test('a refusal costs the menu and nothing else', async () => {
  await using it = await started();
  it.platform.fail('setMyCommands', refusal(429, 'Too Many Requests: retry after 9', { retry_after: 9 }));
  const error = await failure(it.adapter.setMenu?.(MENU, PATIENT) ?? Promise.resolve());
  expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 9000 });
  expect(it.platform.menus.shownTo('en')).toEqual([]);
});
