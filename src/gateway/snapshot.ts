import type { AgentId, ChannelId } from '../contract/index.ts';
import type { Waiting } from '../store/index.ts';
import type { Channel } from './channels/channel.ts';
import type { ChannelStatus } from './gateway.ts';
import type { LaneLoad, Lanes } from './outbound/lanes.ts';
import type { TurnLoad, TurnScheduler } from './turns/turn-scheduler.ts';

/** What goes on in the gateway at one moment. Times are epoch milliseconds. Holds ids, never what people said or are called. */
export interface Snapshot {
  readonly at: number;
  readonly channels: readonly ChannelSnapshot[];
  readonly sessions: {
    /** Runtimes in memory. */
    readonly live: number;
    /** Those at work, and how many may be at once. */
    readonly running: number;
    readonly places: number;
    /** Conversations that have something to answer and no turn under way. */
    readonly waiting: number;
    /** Since the start: runtimes that were made, let go to make room, and let go because nobody used them. */
    readonly opened: number;
    readonly evicted: number;
    readonly swept: number;
  };
  /** Agents that answer nobody at the moment, and are left alone for a while. */
  readonly resting: readonly AgentId[];
  /** The conversations that wait longest for their answer, the oldest first. */
  readonly turns: readonly TurnLoad[];
  /** The lanes whose first message waits longest, the oldest first. */
  readonly lanes: readonly LaneLoad[];
  readonly dead: Waiting['dead'];
  /** What keeps all of it from working. */
  readonly trouble?: string;
}

export interface ChannelSnapshot extends ChannelStatus, Load {
  readonly id: ChannelId;
  /** When the state became what it is. */
  readonly since: number;
  /** Tokens that are there for the next messages, less those that are promised; and how many there can be. */
  readonly tokens: { readonly left: number; readonly burst: number };
}

interface Load {
  /** Messages that wait for their answer, the one that an agent is at included. */
  readonly toAnswer: number;
  /** Messages that are to be sent, the lanes that they are in, and since when the oldest of the lanes' first ones is there. */
  readonly toSend: number;
  readonly lanes: number;
  readonly oldest?: number;
}

/** Of what waits, the oldest are named up to this number. */
const NAMED = 10;

/** Looks at what is in memory: O(open work), and waits for nothing. */
export function takeSnapshot(parts: {
  channels: ReadonlyMap<ChannelId, Channel>;
  statusOf: (channel: Channel) => ChannelStatus;
  places: number;
  turns: TurnScheduler;
  lanes: Lanes;
  dead: Waiting['dead'];
  trouble: string | undefined;
}): Snapshot {
  const { channels, places, dead, trouble } = parts;
  const { busy, idle: _, ...sessions } = parts.turns.stats();
  const turns = [...parts.turns.load()];
  const lanes = [...parts.lanes.load()];
  const loads = loadOf(channels.keys(), turns, lanes);
  return {
    at: Date.now(),
    channels: [...channels].map(([id, channel]) => ({
      id,
      ...parts.statusOf(channel),
      since: channel.health.since,
      tokens: channel.limiter.tokens(),
      ...(loads.get(id) ?? newLoad()),
    })),
    sessions: { ...sessions, running: busy, places },
    resting: parts.turns.resting(),
    turns: oldestOf(turns),
    lanes: oldestOf(lanes),
    dead,
    ...(trouble !== undefined && { trouble }),
  };
}

function loadOf(
  channels: Iterable<ChannelId>,
  turns: readonly TurnLoad[],
  lanes: readonly LaneLoad[],
): Map<ChannelId, Load> {
  const loads = new Map([...channels].map((id) => [id, newLoad()]));
  for (const { channel, messages } of turns) {
    const load = loads.get(channel);
    if (load !== undefined) load.toAnswer += messages;
  }
  for (const { channel, messages, since } of lanes) {
    const load = loads.get(channel);
    if (load === undefined) continue;
    load.toSend += messages;
    load.lanes += 1;
    load.oldest = Math.min(load.oldest ?? since, since);
  }
  return loads;
}

function newLoad(): { -readonly [Key in keyof Load]: Load[Key] } {
  return { toAnswer: 0, toSend: 0, lanes: 0 };
}

/** Without sorting them all: there may be tens of thousands. */
function oldestOf<T extends { since: number }>(loads: readonly T[]): T[] {
  const oldest: T[] = [];
  for (const load of loads) {
    if (oldest.length === NAMED && load.since >= (oldest.at(-1)?.since ?? 0)) continue;
    const place = oldest.findIndex(({ since }) => since > load.since);
    oldest.splice(place === -1 ? oldest.length : place, 0, load);
    oldest.length = Math.min(oldest.length, NAMED);
  }
  return oldest;
}
