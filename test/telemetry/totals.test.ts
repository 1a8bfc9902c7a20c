import { expect, test } from 'vitest';
import { EventBus } from '../../src/gateway/index.ts';
import { countTotals } from '../../src/telemetry/totals.ts';

test('what came, went and failed is counted by channel, and how turns ended', () => {
  const events = new EventBus();
  const totals = countTotals(events);
  const emit = (name: Parameters<typeof events.emit>[0], event: object) => events.emit(name, event as never);
  for (const name of ['inbound.queued', 'inbound.ignored', 'outbound.sent'] as const)
    emit(name, { channel: 'a' });
  for (const name of ['inbound.duplicate', 'outbound.unknown', 'outbound.sending'] as const)
    emit(name, { channel: 'a' });
  for (const name of ['inbound.unreadable', 'outbound.retry', 'outbound.dead'] as const)
    emit(name, { channel: 'b' });
  for (const state of ['disconnected', 'rejected', 'connected', 'starting'])
    emit('channel.state', { channel: 'b', state });
  for (const name of ['turn.ended', 'turn.ended', 'turn.retry', 'turn.failed'] as const) emit(name, {});
  expect(totals).toEqual({
    channels: { a: { in: 2, out: 1, errors: 0 }, b: { in: 0, out: 0, errors: 5 } },
    turns: { answered: 2, retried: 1, failed: 1 },
  });
});
