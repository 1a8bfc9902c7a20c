import { Random } from './random.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How one scripted platform is. Between them they have every way of a lost receipt, and both ways of delivery. */
export interface Profile {
  readonly id: string;
  readonly dedupe: 'native' | 'readback' | 'none';
  readonly dedupeForMs?: number;
  readonly onUnknown: 'resend' | 'hold';
  /** `push`: each event is offered until it is acknowledged. `pull`: we read on from a cursor. */
  readonly delivery: 'push' | 'pull';
  /** Files, buttons, reactions and growing answers. */
  readonly rich: boolean;
}

export const PROFILES: readonly Profile[] = [
  { id: 'native', dedupe: 'native', onUnknown: 'resend', delivery: 'push', rich: true },
  {
    id: 'window',
    dedupe: 'native',
    dedupeForMs: 5 * MINUTE,
    onUnknown: 'resend',
    delivery: 'push',
    rich: false,
  },
  { id: 'readback', dedupe: 'readback', onUnknown: 'resend', delivery: 'push', rich: true },
  { id: 'resend', dedupe: 'none', onUnknown: 'resend', delivery: 'pull', rich: true },
  { id: 'hold', dedupe: 'none', onUnknown: 'hold', delivery: 'pull', rich: false },
];

/** What the agent does with a message. */
export type Script =
  | { readonly does: 'answer'; readonly parts: number; readonly ms: number; readonly with?: Extra }
  /** More than fits into a few messages. */
  | { readonly does: 'write a book' }
  | { readonly does: 'say nothing' }
  /** Fails, or throws, so many times, and then answers. */
  | { readonly does: 'fail' | 'throw'; readonly times: number }
  | { readonly does: 'refuse' }
  /** Begins, and goes on until it is stopped: by its person after so long, or by the gateway. */
  | { readonly does: 'hang'; readonly stoppedAfter?: number };
export type Extra = 'files' | 'choices' | 'reaction';

export interface PlannedMessage {
  /** Its number; the text names it, and so does the answer. */
  readonly n: number;
  readonly at: number;
  readonly channel: string;
  readonly chat: string;
  readonly sender: string;
  readonly script: Script;
  /** What is not to be answered by itself. */
  readonly kind: 'question' | 'edit' | 'unaddressed' | 'from bot' | 'unreadable';
  readonly album?: string;
  /** It reaches us so much later; others overtake it. */
  readonly late: number;
  /** It is delivered once more after each of these times. */
  readonly repeats: readonly number[];
}

export type SendFault =
  /** It certainly did not arrive. */
  | 'refused now'
  | 'rate limited'
  | 'unavailable'
  /** It never will. */
  | 'rejected'
  | 'credentials'
  /** Nobody knows: it did not arrive, or it did. */
  | 'lost'
  | 'receipt lost'
  /** There is no answer at all, and it did not arrive, or it did. */
  | 'hangs'
  | 'arrives and hangs'
  | 'slow'
  /** The adapter throws what it must not. */
  | 'throws';

/** Moments at which a kill tells most. */
export type Moment = 'before commit' | 'after commit' | 'before send' | 'after arrival' | 'in turn';

export type Fault =
  | { readonly kind: 'send'; readonly channel: string; readonly nth: number; readonly how: SendFault }
  | {
      readonly kind: 'storm';
      readonly channel: string;
      readonly at: number;
      readonly for: number;
      readonly how: SendFault;
    }
  | { readonly kind: 'look'; readonly channel: string; readonly nth: number }
  | {
      readonly kind: 'down';
      readonly channel: string;
      readonly at: number;
      readonly for: number;
      readonly noticed: boolean;
    }
  | {
      readonly kind: 'disk full';
      readonly at: number;
      readonly for: number;
      readonly by: 'BEGIN IMMEDIATE' | 'COMMIT';
    }
  | { readonly kind: 'clock'; readonly at: number; readonly by: number }
  | { readonly kind: 'kill'; readonly when: Moment; readonly nth: number }
  | { readonly kind: 'kill at'; readonly at: number }
  | { readonly kind: 'restart'; readonly at: number }
  /** A person has all dead letters tried again that go out. */
  | { readonly kind: 'replay'; readonly at: number }
  /** An adapter does not come back from being started, or stopped. */
  | { readonly kind: 'hang'; readonly channel: string; readonly in: 'start' | 'stop'; readonly nth: number };

/** All that happens in one run; as data, so that it can be made smaller. */
export interface Plan {
  readonly seed: number;
  /** How many agents may run at once. */
  readonly maxLive: number;
  /** What happens to messages that come during a turn; by default each is answered by itself. */
  readonly whileBusy?: WhileBusy;
  /** Whether the platforms bear any pace, so that sends follow each other at once. */
  readonly brisk: boolean;
  /** Whether agents never come back from being closed. */
  readonly clingy: boolean;
  readonly messages: readonly PlannedMessage[];
  readonly faults: readonly Fault[];
}

export type WhileBusy = 'followup' | 'collect' | 'steer' | 'interrupt';
const POLICIES: readonly WhileBusy[] = ['followup', 'collect', 'steer', 'interrupt'];

const SEND_FAULTS: readonly SendFault[] = [
  'refused now',
  'rate limited',
  'unavailable',
  'rejected',
  'lost',
  'lost',
  'receipt lost',
  'receipt lost',
  'hangs',
  'arrives and hangs',
  'slow',
  'slow',
  'throws',
  'credentials',
];
/** What lasts, so that a message meets it again and again. */
const STORMS: readonly SendFault[] = ['refused now', 'unavailable', 'lost', 'receipt lost', 'rate limited'];
const MOMENTS: readonly Moment[] = [
  'before commit',
  'after commit',
  'before send',
  'after arrival',
  'in turn',
];

export function planOf(seed: number): Plan {
  const random = new Random(seed);
  const span = random.pick([20 * SECOND, 2 * MINUTE, 10 * MINUTE, 1 * HOUR]);
  const channels = random.chance(0.5) ? [random.pick(PROFILES)] : PROFILES;
  const chats = random.pick([1, 2, 3]);
  const messages = random.list(random.between(2, 30), (n) => messageOf(n, { random, span, channels, chats }));
  const faults = random.list(random.between(0, 14), () => faultOf({ random, span, channels }));
  return {
    seed,
    maxLive: random.pick([1, 2, 50]),
    brisk: random.chance(0.5),
    clingy: random.chance(0.1),
    whileBusy: new Random(seed ^ 0xb5).pick(POLICIES),
    messages: messages.toSorted((a, b) => a.at - b.at),
    faults,
  };
}

function messageOf(
  n: number,
  {
    random,
    span,
    channels,
    chats,
  }: { random: Random; span: number; channels: readonly Profile[]; chats: number },
): PlannedMessage {
  const isGroup = random.chance(0.3);
  const chat = `${isGroup ? 'group' : 'direct'}-${random.between(1, chats)}`;
  const kinds = isGroup
    ? (['edit', 'unaddressed', 'from bot', 'unreadable'] as const)
    : (['edit', 'unreadable'] as const);
  const kind = random.chance(0.15) ? random.pick(kinds) : 'question';
  return {
    n,
    at: random.between(0, span),
    channel: random.pick(channels).id,
    chat,
    sender: isGroup ? `person-${random.between(1, 3)}` : chat,
    script: scriptOf(random),
    kind,
    ...(kind === 'question' && random.chance(0.1) && { album: `album-${random.between(1, 2)}` }),
    late: random.chance(0.15) ? random.between(1, 20 * SECOND) : 0,
    repeats: random.chance(0.25)
      ? random.list(random.between(1, 2), () => random.pick([0, 1, 500, 5 * SECOND, 3 * MINUTE]))
      : [],
  };
}

function scriptOf(random: Random): Script {
  if (random.chance(0.7)) {
    return {
      does: 'answer',
      parts: random.pick([1, 1, 2, 5]),
      ms: random.pick([0, 0, 50, 2 * SECOND, 20 * SECOND]),
      ...(random.chance(0.3) && { with: random.pick(['files', 'choices', 'reaction'] as const) }),
    };
  }
  return random.pick<Script>([
    { does: 'write a book' },
    { does: 'say nothing' },
    { does: 'fail', times: random.between(1, 3) },
    { does: 'throw', times: random.between(1, 3) },
    { does: 'refuse' },
    { does: 'hang' },
    { does: 'hang', stoppedAfter: random.between(1, 30 * SECOND) },
  ]);
}

function faultOf({
  random,
  span,
  channels,
}: {
  random: Random;
  span: number;
  channels: readonly Profile[];
}): Fault {
  const at = random.between(0, span);
  const channel = random.pick(channels).id;
  const dice = random.next();
  if (dice < 0.4) return { kind: 'send', channel, nth: random.between(1, 20), how: random.pick(SEND_FAULTS) };
  if (dice < 0.6) return { kind: 'kill', when: random.pick(MOMENTS), nth: random.between(1, 30) };
  if (dice < 0.66) return { kind: 'kill at', at };
  if (dice < 0.72) return { kind: 'look', channel, nth: random.between(1, 4) };
  if (dice < 0.82) {
    return {
      kind: 'down',
      channel,
      at,
      for: random.pick([SECOND, MINUTE, HOUR]),
      noticed: random.chance(0.5),
    };
  }
  if (dice < 0.9) {
    const by = random.pick(['BEGIN IMMEDIATE', 'COMMIT'] as const);
    return { kind: 'disk full', at, for: random.pick([1, SECOND, 30 * SECOND, 10 * MINUTE]), by };
  }
  if (dice < 0.92) return { kind: 'replay', at };
  if (dice < 0.93) {
    return { kind: 'hang', channel, in: random.pick(['start', 'stop'] as const), nth: random.between(1, 3) };
  }
  if (dice < 0.95) return { kind: 'restart', at };
  if (dice < 0.965) {
    const how = random.pick(STORMS);
    return { kind: 'storm', channel, at, for: random.pick([MINUTE, HOUR, 30 * HOUR]), how };
  }
  return { kind: 'clock', at, by: random.pick([-1_000 * HOUR, -HOUR, -MINUTE, MINUTE, HOUR, 30 * HOUR]) };
}
