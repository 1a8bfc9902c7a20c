import type { Plan, PlannedMessage } from './plan.ts';

const HOUR = 3_600_000;

const question = (more: Partial<PlannedMessage>): PlannedMessage => ({
  n: 1,
  at: 1_000,
  channel: 'native',
  chat: 'direct-1',
  sender: 'direct-1',
  script: { does: 'answer', parts: 1, ms: 0 },
  kind: 'question',
  late: 0,
  repeats: [],
  ...more,
});

const usual = { seed: 1, maxLive: 2, brisk: true, clingy: false } as const;

/** Plans that broke a promise once, as small as they could be made, by what was wrong. */
export const ONCE_BROKEN: Readonly<Record<string, Plan>> = {
  'a clock that was weeks ahead left messages waiting for weeks, after a restart': {
    ...usual,
    messages: [question({})],
    faults: [
      { kind: 'send', channel: 'native', nth: 1, how: 'credentials' },
      { kind: 'clock', at: 60_000, by: -1_000 * HOUR },
    ],
  },
  'a platform forgot while the disk was full, and saw the same again unmarked': {
    ...usual,
    messages: [question({ channel: 'window' })],
    faults: [
      { kind: 'send', channel: 'window', nth: 1, how: 'receipt lost' },
      { kind: 'disk full', at: 1_600, for: HOUR, by: 'COMMIT' },
    ],
  },
  'a stop waited for room on the disk': {
    ...usual,
    messages: [question({ script: { does: 'answer', parts: 1, ms: 2_000 } })],
    faults: [
      { kind: 'disk full', at: 2_000, for: HOUR, by: 'BEGIN IMMEDIATE' },
      { kind: 'restart', at: 10_000 },
    ],
  },
  'a stop waited for an agent that hung while it was closed': {
    ...usual,
    clingy: true,
    messages: [question({})],
    faults: [],
  },
  'a kill after a certain refusal made a doubt of it': {
    ...usual,
    messages: [question({ channel: 'resend' })],
    faults: [
      { kind: 'send', channel: 'resend', nth: 1, how: 'refused now' },
      { kind: 'kill', when: 'after commit', nth: 4 },
    ],
  },
};
