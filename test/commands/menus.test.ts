import { expect, test } from 'vitest';
import { createCommands } from '../../src/commands/index.ts';
import { ChannelError, type MenuCommand } from '../../src/contract/index.ts';
import { parrot, ScriptedChannel, TestGateway } from '../gateway/harness.ts';
import { emptyFolder } from '../kit/folder.ts';

/** A platform with a menu; `fill` is what it does when ours is put into it. */
function withMenu(fill: (commands: readonly MenuCommand[]) => Promise<void>): ScriptedChannel {
  return new ScriptedChannel('a', 'none', {
    capabilities: { menu: true },
    methods: { setMenu: (commands) => fill(commands) },
  });
}

test('a menu has what everybody may give, and is filled anew only when it has changed', async () => {
  using folder = emptyFolder();
  const filled: (readonly MenuCommand[])[] = [];
  let done = Promise.withResolvers<void>();
  const live = async (commands: typeof createCommands) => {
    const channel = withMenu(async (menu) => {
      filled.push(menu);
      done.resolve();
    });
    const hub = new TestGateway(folder.path, [channel], parrot(), { commands });
    await hub.start();
    return { hub, channel };
  };
  const first = await live(createCommands);
  await done.promise;
  await first.hub.stop();
  const names = filled[0]?.map(({ name }) => name);
  expect(names).toEqual([
    'help',
    'whoami',
    'status',
    'new',
    'stop',
    'retry',
    'agent',
    'link',
    'unlink',
    'continue',
    'lang',
  ]);
  expect(filled[0]).toContainEqual({
    name: 'link',
    words: 'code',
    description: { en: 'Be the same person on another channel', zh: '关联另一个频道上的你' },
  });
  for (const { description } of filled[0] ?? []) {
    for (const text of Object.values(description)) expect(text.length).toBeLessThanOrEqual(100);
  }

  const second = await live(createCommands);
  await second.channel.say('ann', '/help');
  await second.hub.until('outbound.sent');
  await second.hub.stop();
  expect(filled).toHaveLength(1);

  done = Promise.withResolvers();
  const third = await live((gateway) => createCommands(gateway).filter(({ name }) => name !== 'lang'));
  await done.promise;
  await third.hub.stop();
  expect(filled).toHaveLength(2);
});

test('a menu that cannot be filled costs nothing, is told once, and tried again with the next connection', async () => {
  using folder = emptyFolder();
  let tries = 0;
  const channel = withMenu(async () => {
    tries += 1;
    throw new ChannelError('unavailable', 'no menus today');
  });
  const hub = new TestGateway(folder.path, [channel], parrot(), { commands: createCommands });
  const logged: string[] = [];
  hub.gateway.events.on('channel.log', ({ message }) => logged.push(message));
  await hub.start();
  await channel.say('ann', 'hello');
  await hub.until('outbound.sent');
  for (let losses = 1; losses <= 2; losses += 1) {
    channel.host?.onStateChange({ state: 'disconnected', error: new ChannelError('network', 'lost') });
    await hub.untilConnected(losses + 1);
  }
  expect(tries).toBe(3);
  expect(logged).toEqual([
    'the menu of commands could not be filled; it is tried again at the next connection',
  ]);
  await hub.stop();
});
