import { expect, test } from 'vitest';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

test('what Prometheus reads agrees with what happened, and needs the token', async () => {
  await using telegram = await new FakeTelegram().listen();
  const token = 'a-token-of-the-gateway';
  await using daemon = await Daemon.start(
    `gateway: { port: 0, token: ${token} }\nchannels: { work: { type: telegram, dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" } }\n`,
  );
  telegram.say({ chat: 1, text: 'one' });
  telegram.say({ chat: 2, text: 'two' });
  await telegram.until(() => telegram.sent.length === 2, 'both answers');
  const url = new URL('/metrics', daemon.url);
  expect((await fetch(url)).status).toBe(401);
  const read = async () => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text();
  await expect.poll(read).toContain('openclaw_outbound_attempts_total{channel="work",outcome="sent"} 2');
  const metrics = await read();
  for (const line of [
    'openclaw_inbound_messages_total{channel="work",outcome="queued"} 2',
    'openclaw_turns_total{agent="default",outcome="committed"} 2',
    'openclaw_turn_duration_seconds_count{agent="default"} 2',
    'openclaw_channel_connected{channel="work"} 1',
    'openclaw_open_messages{direction="in"} 0',
    'openclaw_dead_letters{direction="out"} 0',
    'openclaw_sessions{state="idle"} 2',
    'openclaw_sessions{state="waiting"} 0',
    'openclaw_session_runtimes_total{event="opened"} 2',
  ]) {
    expect(metrics).toContain(line);
  }
});
