import { expect, test } from 'vitest';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

test('a new gateway takes over from a running one: no message is lost or answered twice, and no two poll at once', async () => {
  await using telegram = await new FakeTelegram().listen();
  const config = `channels: { telegram: { dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}", rate_limits: { channel: { burst: 1000, per_second: 1000 }, direct: { burst: 1000, per_second: 1000 } } } }\n`;
  await using first = await Daemon.start(config);
  let said = 0;
  const talking = setInterval(() => {
    said += 1;
    telegram.say({ chat: 100 + (said % 20), text: `number ${said}.` });
  }, 5);
  const answered = (number: number) => telegram.sent.filter(({ text }) => text.includes(`number ${number}.`));
  await telegram.until(() => answered(20).length > 0, 'answers of the first one');
  await using second = await Daemon.start(config, { folder: first.folder, args: ['--take-over'] });
  const last = said + 20;
  await telegram.until(() => answered(last).length > 0, 'answers of the second one');
  clearInterval(talking);
  await telegram.until(() => answered(said).length > 0, 'the last answer');
  for (let number = 1; number <= said; number += 1) {
    await telegram.until(() => answered(number).length > 0, `an answer to ${number}`);
    expect(answered(number), `answers to ${number}`).toHaveLength(1);
  }
  await first.ended();
  expect(first.exitCode).toBe(0);
  expect(first.text + second.text).not.toContain('Conflict');
});

test('where nothing runs, there is nothing to take over', async () => {
  await using daemon = await Daemon.start('channels: { webchat: {} }\n', { args: ['--take-over'] });
  expect((await fetch(new URL('/healthz', daemon.url))).status).toBe(200);
});
