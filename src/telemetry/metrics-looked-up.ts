import { Gauge, type Registry } from 'prom-client';
import { CHANNEL_STATES, type DeadLetterCount, type Snapshot, type Waiting } from '../gateway/index.ts';

/** Where to look. */
export interface Look {
  snapshot(): Snapshot;
  /** How much waits in all, on channels that are off too. */
  waiting(): Waiting;
  deadLetters(): readonly DeadLetterCount[];
}

/** Sets a gauge's values; labels as the gauge names them. */
type Set = (labels: Record<string, string>, value: number) => void;

/** What is at the moment at which Prometheus asks. All gauges of one answer show the same moment. */
export function lookAtGateway({ snapshot, waiting, deadLetters }: Look, registry: Registry): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    look: (now: Snapshot, set: Set) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset(); // what is no more is not shown any more
        look(now(), (labels, value) => this.set(labels, value));
      },
    });
  const now = forOneTick(snapshot);
  const ofChannels = (
    name: string,
    help: string,
    value: (channel: Snapshot['channels'][number], at: number) => number,
  ) =>
    gauge(name, help, ['channel'], ({ channels, at }, set) => {
      for (const channel of channels) set({ channel: channel.id }, value(channel, at));
    });

  gauge(
    'openclaw_channel_state',
    '1 for the state that the channel is in, otherwise 0.',
    ['channel', 'state'],
    ({ channels }, set) => {
      for (const { id: channel, state: current } of channels) {
        for (const state of CHANNEL_STATES) set({ channel, state }, state === current ? 1 : 0);
      }
    },
  );
  ofChannels('openclaw_channel_connected', '1 while a channel is connected, otherwise 0.', ({ state }) =>
    state === 'connected' ? 1 : 0,
  );
  gauge(
    'openclaw_channel_open_messages',
    'Messages of a channel that are not done with.',
    ['channel', 'direction'],
    ({ channels }, set) => {
      for (const { id: channel, toAnswer, toSend } of channels) {
        set({ channel, direction: 'in' }, toAnswer);
        set({ channel, direction: 'out' }, toSend);
      }
    },
  );
  ofChannels(
    'openclaw_outbox_oldest_seconds',
    'For how long the oldest message has waited to be sent; 0 if none waits.',
    ({ oldest }, at) => (oldest === undefined ? 0 : Math.max(0, at - oldest) / 1000),
  );
  ofChannels('openclaw_lanes', 'Chats that have something to be sent.', ({ lanes }) => lanes);
  ofChannels(
    'openclaw_channel_tokens',
    'Messages that may go at once; below 0, as many wait for their turn.',
    ({ tokens }) => tokens.left,
  );
  ofChannels(
    'openclaw_channel_tokens_limit',
    'Messages that may go at once after a silence.',
    ({ tokens }) => tokens.burst,
  );

  const plain = (name: string, help: string, value: (now: Snapshot) => number) =>
    gauge(name, help, [], (snapshot, set) => set({}, value(snapshot)));
  plain('openclaw_session_runtimes', 'Conversations that are in memory.', ({ sessions }) => sessions.live);
  plain(
    'openclaw_sessions_waiting',
    'Conversations that have something to be answered and no turn under way.',
    ({ sessions }) => sessions.waiting,
  );
  plain('openclaw_turns_running', 'Turns that an agent is at.', ({ sessions }) => sessions.running);
  plain('openclaw_turns_limit', 'Turns that may run at once.', ({ sessions }) => sessions.places);
  gauge(
    'openclaw_agent_resting',
    '1 for an agent that answers nobody and is left alone for a while.',
    ['agent'],
    ({ resting }, set) => {
      for (const agent of resting) set({ agent }, 1);
    },
  );

  gauge(
    'openclaw_open_messages',
    'Messages that are not done with, those of channels that are off included.',
    ['direction'],
    (_, set) => {
      const { open } = waiting();
      set({ direction: 'in' }, open.in);
      set({ direction: 'out' }, open.out);
    },
  );
  gauge(
    'openclaw_dead_letters',
    'Dead letters that wait for somebody.',
    ['channel', 'direction'],
    ({ channels }, set) => {
      for (const { id: channel } of channels)
        for (const direction of ['in', 'out']) set({ channel, direction }, 0);
      for (const { channel, direction, count } of deadLetters()) set({ channel, direction }, count);
    },
  );
}

/** All that ask in one tick get the same. */
function forOneTick<T>(look: () => T): () => T {
  let seen: { readonly value: T } | undefined;
  return () => {
    if (seen === undefined) {
      seen = { value: look() };
      setImmediate(() => {
        seen = undefined;
      });
    }
    return seen.value;
  };
}
