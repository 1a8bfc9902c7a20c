import type { EventBus } from '../gateway/index.ts';

/** What has happened since the start; who wants rates takes differences. */
export interface Totals {
  readonly channels: Readonly<Record<string, ChannelTotals>>;
  readonly turns: Readonly<TurnTotals>;
}

export interface ChannelTotals {
  /** Messages that came, those included that are not answered. */
  in: number;
  /** Messages that went. */
  out: number;
  /** Attempts that failed, lost connections, messages that could not be read. */
  errors: number;
}

export interface TurnTotals {
  answered: number;
  /** Runs that failed, and are tried again. */
  retried: number;
  failed: number;
}

/** Begins to count; the object that it returns goes with the events. */
export function countTotals(events: EventBus): Totals {
  const channels: Record<string, ChannelTotals> = {};
  const turns: TurnTotals = { answered: 0, retried: 0, failed: 0 };
  const count = (key: keyof ChannelTotals) => (event: { channel: string }) => {
    const totals = channels[event.channel] ?? { in: 0, out: 0, errors: 0 };
    channels[event.channel] = totals;
    totals[key] += 1;
  };
  const failed = count('errors');
  events.on('inbound.queued', count('in'));
  events.on('inbound.ignored', count('in'));
  events.on('inbound.unreadable', failed);
  events.on('outbound.sent', count('out'));
  events.on('outbound.retry', failed);
  events.on('outbound.dead', failed);
  events.on('channel.state', (event) => {
    if (event.state === 'disconnected' || event.state === 'rejected') failed(event);
  });
  events.on('turn.ended', () => {
    turns.answered += 1;
  });
  events.on('turn.retry', () => {
    turns.retried += 1;
  });
  events.on('turn.failed', () => {
    turns.failed += 1;
  });
  return { channels, turns };
}
