import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Audit } from '../../src/store/index.ts';
import { findPromtool } from '../kit/promtool.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { command } from './command.ts';
import { Daemon } from './daemon.ts';
import { readMetrics, type Sample, sum } from './read-metrics.ts';

const token = 'a-token-of-the-gateway';
let telegram: FakeTelegram;
let other: FakeTelegram;
beforeEach(async () => {
  telegram = await new FakeTelegram().listen();
  other = await new FakeTelegram('456:other').listen();
});
afterEach(() => Promise.all([telegram.stop(), other.stop()]));

const start = () =>
  Daemon.start(`
gateway: { port: 0, token: ${token} }
reconnect: { base: 100ms, cap: 200ms }
channels:
  work: { type: telegram, dm_policy: open, token: "${telegram.token}", api_root: "${telegram.url}" }
  other: { type: telegram, token: "${other.token}", api_root: "${other.url}", dm_policy: allowlist, allow_from: [5] }
`);
const read = (daemon: Daemon) => readMetrics(daemon.url, token);

test('what Prometheus reads needs the token, and agrees with the audit after all kinds of traffic', async () => {
  await using daemon = await start();
  expect((await fetch(new URL('/metrics', daemon.url))).status).toBe(401);

  const refusal = { error_code: 400, description: 'Bad Request: chat not found', ok: false };
  const to = (chat: number) => (body: unknown) => Number((body as { chat_id: unknown }).chat_id) === chat;
  telegram.fail('sendMessage', { kind: 'status', status: 400, body: refusal }, 1, to(3));
  telegram.fail('sendMessage', { kind: 'hang' }, 1, to(4));
  for (const chat of [1, 1, 2, 3, 4]) telegram.say({ chat, text: `from ${chat}` });
  other.say({ chat: 9, text: 'from a stranger' });
  const settled = (samples: readonly Sample[]) =>
    sum(samples, 'openclaw_outbound_attempts_total', { outcome: 'sent' }) === 3 &&
    sum(samples, 'openclaw_dead_letters') === 1 &&
    sum(samples, 'openclaw_inbound_messages_total') === 6;
  await expect.poll(async () => settled(await read(daemon)), { timeout: 10_000 }).toBe(true);

  const samples = await read(daemon);
  const audit = JSON.parse((await command(daemon, 'audit', '--json')).out) as Audit;
  const total = (sums: Audit['in']) => Object.values(sums).reduce((all, count) => all + count, 0);
  expect(sum(samples, 'openclaw_inbound_messages_total')).toBe(total(audit.in));
  expect(sum(samples, 'openclaw_inbound_messages_total', { outcome: 'ignored' })).toBe(audit.in.ignored);
  expect(sum(samples, 'openclaw_turns_total', { outcome: 'committed' })).toBe(audit.in.answered);
  expect(sum(samples, 'openclaw_turn_duration_seconds_count')).toBe(audit.in.answered);
  expect(sum(samples, 'openclaw_outbound_attempts_total', { outcome: 'sent' })).toBe(audit.out.sent);
  expect(sum(samples, 'openclaw_outbound_attempts_total', { outcome: 'given_up' })).toBe(audit.out.dead);
  expect(sum(samples, 'openclaw_dead_letters', { channel: 'work', direction: 'out' })).toBe(audit.out.dead);
  expect(sum(samples, 'openclaw_open_messages', { direction: 'out' })).toBe(audit.out.sending);
  expect(sum(samples, 'openclaw_channel_open_messages', { channel: 'work', direction: 'out' })).toBe(
    audit.out.sending,
  );
  expect(sum(samples, 'openclaw_lanes', { channel: 'work' })).toBe(1);
  expect(sum(samples, 'openclaw_lanes', { channel: 'other' })).toBe(0);
  expect(sum(samples, 'openclaw_outbox_oldest_seconds', { channel: 'work' })).toBeGreaterThan(0);
  expect(sum(samples, 'openclaw_session_runtimes')).toBe(4);
  expect(sum(samples, 'openclaw_channel_tokens_limit', { channel: 'work' })).toBeGreaterThan(0);
  for (const name of [
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'openclaw_disk_free_bytes',
    'openclaw_database_bytes',
  ])
    expect(sum(samples, name), name).toBeGreaterThan(0);
  await expect
    .poll(async () => sum(await read(daemon), 'openclaw_event_loop_delay_seconds_count'))
    .toBeGreaterThan(0);
});

test('a channel is in one state at a time, told apart from the others', async () => {
  await using daemon = await start();
  await other.stop();
  const states = async () => {
    const samples = (await read(daemon)).filter(
      ({ name, value }) => name === 'openclaw_channel_state' && value === 1,
    );
    return Object.fromEntries(samples.map(({ labels }) => [labels.channel, labels.state]));
  };
  await expect
    .poll(states)
    .toMatchObject({ work: 'connected', other: expect.stringMatching(/^(dis|re)connect/) });
  const samples = await read(daemon);
  expect(
    samples.filter(({ name, labels }) => name === 'openclaw_channel_state' && labels.channel === 'work'),
  ).toHaveLength(7);
  expect(sum(samples, 'openclaw_channel_disconnects_total', { channel: 'other' })).toBeGreaterThan(0);
  expect(sum(samples, 'openclaw_channel_connected')).toBe(1);
});

test('names, units and help texts are as Prometheus wants them', async (context) => {
  const promtool = findPromtool();
  if ('missing' in promtool) return context.skip(promtool.missing);
  await using daemon = await start();
  telegram.say({ chat: 1, text: 'hello' });
  await telegram.until(() => telegram.sent.length > 0, 'the answer');
  const response = await fetch(new URL('/metrics', daemon.url), {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  expect(promtool.check(['metrics'], text)).toBe('');
  expect(
    promtool.check(['metrics'], `${text}# TYPE bad_count counter\nbad_count 1\n`),
    'it does look',
  ).not.toBe('');
});
