import { describe, expect, test } from 'vitest';
import { serviceManager } from '../../src/cli/sd-notify.ts';
import { missingSystemd, NotifySocket } from '../kit/notify-socket.ts';
import { Daemon } from './daemon.ts';

const CONFIG = 'channels: { webchat: {} }\n';
/** In microseconds; a ping comes every 100 ms. */
const WATCHDOG_USEC = '200000';
const LONG_SILENCE_MS = 2_000;
const missing = missingSystemd();

describe.skipIf(missing)(`under systemd${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('the daemon says when it is ready, how it is, and when it stops', async () => {
    await using manager = await new NotifySocket().listen();
    await using daemon = await Daemon.start(CONFIG, { env: { NOTIFY_SOCKET: manager.path } });
    await manager.until('READY=1');
    await manager.until('STATUS=1 of 1 channels connected');
    await daemon.kill('SIGTERM');
    await manager.until('STOPPING=1');
    const said = manager.messages.filter((message) => /^(READY|STOPPING|WATCHDOG)/.test(message));
    expect(said).toEqual(['READY=1', 'STOPPING=1']);
  });

  test('the daemon says when it begins to read its config anew, and when it goes by that, also where it does not take it', async () => {
    await using manager = await new NotifySocket().listen();
    await using daemon = await Daemon.start(CONFIG, { env: { NOTIFY_SOCKET: manager.path } });
    await manager.until('READY=1');
    for (const config of ['title: New', 'titel: Wrong']) {
      const heard = manager.messages.length;
      daemon.edit((yaml) => yaml.replace(/webchat: {.*?}/, `webchat: { ${config} }`));
      process.kill(daemon.pid, 'SIGHUP');
      await manager.until('RELOADING=1', heard);
      await manager.until('READY=1', heard);
    }
  });

  test('its watchdog is pinged for as long as the event loop turns, and no longer', async () => {
    await using manager = await new NotifySocket().listen();
    const hang = `data:text/javascript,process.on('SIGUSR2', () => { for (;;); })`;
    await using daemon = await Daemon.start(CONFIG, {
      env: { NOTIFY_SOCKET: manager.path, WATCHDOG_USEC, NODE_OPTIONS: `--import="${hang}"` },
    });
    for (let pings = 0; pings < 5; pings += 1) await manager.until('WATCHDOG=1', manager.messages.length);
    process.kill(daemon.pid, 'SIGUSR2');
    for (let more = 0; await manager.heard(LONG_SILENCE_MS); more += 1) {
      expect(more, 'messages after the loop hangs').toBeLessThan(20);
    }
  });

  test('a reload carries the time by which systemd knows what came before it', async () => {
    await using socket = await new NotifySocket().listen();
    const manager = serviceManager({ PATH: process.env.PATH, NOTIFY_SOCKET: socket.path });
    manager.reloading();
    manager.status('a line\nand another');
    manager.close();
    expect(await socket.until('RELOADING=1')).toMatch(/^RELOADING=1\nMONOTONIC_USEC=\d+$/);
    expect(await socket.until('STATUS=')).toBe('STATUS=a line and another');
  });

  test('a watchdog that guards another process is left to that', async () => {
    await using socket = await new NotifySocket().listen();
    const env = {
      PATH: process.env.PATH,
      NOTIFY_SOCKET: socket.path,
      WATCHDOG_USEC: '2000',
      WATCHDOG_PID: '1',
    };
    const manager = serviceManager(env);
    for (const text of ['one', 'two', 'three']) {
      manager.status(text);
      await socket.until(`STATUS=${text}`);
    }
    manager.close();
    expect(socket.messages).not.toContain('WATCHDOG=1');
    expect(env, 'what children inherit').toEqual({ PATH: process.env.PATH });
  });
});

test('without systemd, the daemon talks to nobody', async () => {
  const env = { PATH: process.env.PATH };
  const manager = serviceManager(env);
  manager.ready();
  manager.stopping();
  manager.close();
  expect(env).toEqual({ PATH: process.env.PATH });
});
