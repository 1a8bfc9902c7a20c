import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { MenuCommand } from '../../../src/contract/index.ts';
import { aDiscord, failureOf, soon } from './harness.ts';

const MENU: readonly MenuCommand[] = [
  { name: 'stop', description: { en: 'Ends the answer', zh: '停止回答' } },
  { name: 'link', description: { en: 'Links two chats', zh: '关联' }, words: '[Code] from there' },
];

async function withMenu() {
  const it = await aDiscord();
  await it.start();
  await it.adapter.setMenu?.(MENU, soon());
  return it;
}

describe('a command from the menu', () => {
  it('is there in servers and in direct chats', async () => {
    await using it = await withMenu();
    for (const direct of [true, false])
      expect(it.platform.commands.menu('fr', direct)).toEqual(['Ends the answer', 'Links two chats']);
  });

  it('comes once, also when Discord tells of it again', async () => {
    await using it = await withMenu();
    it.platform.pick(it.alice, it.channel, 'Links two chats', 'K7Q2');
    await it.heard('/link K7Q2');
    expect(it.host.messages[0]).toMatchObject({
      chat: { id: it.channel.id, kind: 'group' },
      addressed: true,
    });
    it.gateway.redeliver(1);
    it.platform.say(it.alice, it.direct, 'please');
    await it.heard('/link K7Q2', 'please');
    expect(it.texts()).toEqual(['/link K7Q2', 'please']);
  });

  it('is on disk before Discord is answered; then no sign of waiting is left', async () => {
    await using it = await withMenu();
    const letGo = it.host.hold();
    const { offers } = it.host;
    const id = it.platform.pick(it.alice, it.direct, 'Ends the answer');
    await it.host.until(() => it.host.offers > offers, 'the offer');
    await setImmediate();
    expect(it.platform.commands.shown.get(id)).toBe('nothing yet');
    letGo();
    await it.platform.until(() => it.platform.commands.shown.get(id) === 'gone', 'the sign to go');
    expect(it.texts()).toEqual(['/stop']);
  });

  it('counts also when Discord no longer waits for an answer', async () => {
    await using it = await withMenu();
    it.platform.refuse('answerInteraction', 404, 10_062, 'Unknown interaction');
    it.platform.pick(it.alice, it.direct, 'Ends the answer');
    await it.heard('/stop');
    await it.platform.until(() => it.platform.requests.has('answerInteraction'), 'the answer to Discord');
    it.platform.say(it.alice, it.direct, 'hello?');
    await it.heard('/stop', 'hello?');
  });

  it('is told nobody whose token lets them answer for us', async () => {
    await using it = await withMenu();
    it.platform.pick(it.alice, it.direct, 'Ends the answer');
    await it.heard('/stop');
    expect(JSON.stringify([it.host.messages, it.logged])).not.toContain('fake-interaction-token');
  });
});

it('a menu that is refused says so', async () => {
  await using it = await aDiscord();
  await it.start();
  it.platform.refuse('overwriteCommands', 403, 50_001, 'Missing Access');
  expect(await failureOf(it.adapter.setMenu?.(MENU, soon()) ?? Promise.resolve())).toMatchObject({
    kind: 'rejected',
  });
});
