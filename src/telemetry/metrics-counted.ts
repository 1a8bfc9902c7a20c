import { Counter, Histogram, type Registry } from 'prom-client';
import type { EventBus } from '../gateway/index.ts';

/** In seconds: an echo takes none, a model with tools minutes. */
const TURN_BUCKETS = [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/** Counts what happens, from the gateway's events. */
export function countEvents(events: EventBus, registry: Registry): void {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames, registers });

  const inbound = counter('openclaw_inbound_messages_total', 'Messages that came.', 'channel', 'outcome');
  events.on('inbound.queued', ({ channel }) => inbound.inc({ channel, outcome: 'queued' }));
  events.on('inbound.ignored', ({ channel }) => inbound.inc({ channel, outcome: 'ignored' }));
  events.on('inbound.duplicate', ({ channel }) => inbound.inc({ channel, outcome: 'duplicate' }));
  events.on('inbound.unreadable', ({ channel }) => inbound.inc({ channel, outcome: 'unreadable' }));

  const turns = counter('openclaw_turns_total', 'Runs of an agent, by how they ended.', 'agent', 'outcome');
  const duration = new Histogram({
    name: 'openclaw_turn_duration_seconds',
    help: 'How long turns took that were answered.',
    labelNames: ['agent'],
    buckets: TURN_BUCKETS,
    registers,
  });
  events.on('turn.ended', ({ agent, outcome, ms }) => {
    turns.inc({ agent, outcome });
    duration.observe({ agent }, ms / 1000);
  });
  events.on('turn.retry', ({ agent }) => turns.inc({ agent, outcome: 'retried' }));
  events.on('turn.failed', ({ agent }) => turns.inc({ agent, outcome: 'failed' }));

  const commands = counter(
    'openclaw_commands_total',
    'Commands that people gave in a chat.',
    'channel',
    'command',
  );
  events.on('command.ended', ({ channel, command }) => commands.inc({ channel, command }));

  const outbound = counter(
    'openclaw_outbound_attempts_total',
    'Attempts to send a message, by how they ended.',
    'channel',
    'outcome',
  );
  events.on('outbound.sent', ({ channel }) => outbound.inc({ channel, outcome: 'sent' }));
  events.on('outbound.retry', ({ channel }) => outbound.inc({ channel, outcome: 'retried' }));
  events.on('outbound.unknown', ({ channel }) => outbound.inc({ channel, outcome: 'unknown' }));
  events.on('outbound.dead', ({ channel }) => outbound.inc({ channel, outcome: 'given_up' }));

  const disconnects = counter('openclaw_channel_disconnects_total', 'Lost or failed connections.', 'channel');
  events.on('channel.state', ({ channel, state }) => {
    if (state === 'disconnected') disconnects.inc({ channel });
  });

  const faults = counter('openclaw_store_faults_total', 'Times at which the disk could not be written.');
  events.on('store.fault', () => faults.inc());
  const mistakes = counter('openclaw_internal_errors_total', 'Mistakes in the program that were caught.');
  events.on('internal.error', () => mistakes.inc());
}
