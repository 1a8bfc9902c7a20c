import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EventBus, SessionStats, Waiting } from '../gateway/index.ts';

/** What Prometheus reads: counted from the gateway's events, and for what waits, looked up when it asks. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** In seconds: an echo takes none, a model with tools minutes. */
const TURN_BUCKETS = [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/** Begins to count. `waiting` and `sessions` tell how much there is at this moment. Labels hold names from the config, never what people are called. */
export function countEvents(events: EventBus, waiting: () => Waiting, sessions: () => SessionStats): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames, registers });

  const inbound = counter('openclaw_inbound_messages_total', 'Messages that came.', ['channel', 'outcome']);
  events.on('inbound.queued', ({ channel }) => inbound.inc({ channel, outcome: 'queued' }));
  events.on('inbound.ignored', ({ channel }) => inbound.inc({ channel, outcome: 'ignored' }));
  events.on('inbound.duplicate', ({ channel }) => inbound.inc({ channel, outcome: 'duplicate' }));
  events.on('inbound.unreadable', ({ channel }) => inbound.inc({ channel, outcome: 'unreadable' }));

  const turns = counter('openclaw_turns_total', 'Runs of an agent, by how they ended.', ['agent', 'outcome']);
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

  const outbound = counter(
    'openclaw_outbound_attempts_total',
    'Attempts to send a message, by how they ended.',
    ['channel', 'outcome'],
  );
  events.on('outbound.sent', ({ channel }) => outbound.inc({ channel, outcome: 'sent' }));
  events.on('outbound.retry', ({ channel }) => outbound.inc({ channel, outcome: 'retried' }));
  events.on('outbound.unknown', ({ channel }) => outbound.inc({ channel, outcome: 'unknown' }));
  events.on('outbound.dead', ({ channel }) => outbound.inc({ channel, outcome: 'given_up' }));

  const connected = new Gauge({
    name: 'openclaw_channel_connected',
    help: '1 while a channel is connected, otherwise 0.',
    labelNames: ['channel'],
    registers,
  });
  const disconnects = counter('openclaw_channel_disconnects_total', 'Lost or failed connections.', [
    'channel',
  ]);
  events.on('channel.state', ({ channel, state }) => {
    connected.set({ channel }, state === 'connected' ? 1 : 0);
    if (state === 'disconnected') disconnects.inc({ channel });
  });

  const lookedUp = (name: string, help: string, of: (now: Waiting) => { in: number; out: number }) =>
    new Gauge({
      name,
      help,
      labelNames: ['direction'],
      registers,
      collect() {
        const now = of(waiting());
        this.set({ direction: 'in' }, now.in);
        this.set({ direction: 'out' }, now.out);
      },
    });
  lookedUp('openclaw_open_messages', 'Messages that are not done with.', ({ open }) => open);
  lookedUp('openclaw_dead_letters', 'Dead letters that wait for somebody.', ({ dead }) => dead);

  new Gauge({
    name: 'openclaw_sessions',
    help: 'Conversations whose agent is live, at work or idle, and those that wait for a place to be answered.',
    labelNames: ['state'],
    registers,
    collect() {
      const { busy, idle, waiting: without } = sessions();
      this.set({ state: 'busy' }, busy);
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'waiting' }, without);
    },
  });
  new Counter({
    name: 'openclaw_session_runtimes_total',
    help: 'Runtimes of agents that were opened, and those let go to make room (evicted) or because nobody used them (swept).',
    labelNames: ['event'],
    registers,
    collect() {
      const { opened, evicted, swept } = sessions();
      this.reset();
      this.inc({ event: 'opened' }, opened);
      this.inc({ event: 'evicted' }, evicted);
      this.inc({ event: 'swept' }, swept);
    },
  });

  const faults = counter('openclaw_store_faults_total', 'Times at which the disk could not be written.', []);
  events.on('store.fault', () => faults.inc());

  return { contentType: registry.contentType, text: () => registry.metrics() };
}
