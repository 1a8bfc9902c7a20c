import { type Check, ok } from '../check.ts';

/** Signatures of webhooks allow five minutes; with less than this nobody notices anything. */
const MOST_MS = 30_000;

/** The clock, beside what platforms and providers said that it was when they answered the other checks. Runs last. */
export const clock: Check = {
  name: 'clock',
  run({ clocks }) {
    const ahead = clocks.ahead();
    if (ahead === undefined) return [ok('nobody has told the time')];
    if (Math.abs(ahead) <= MOST_MS) return [ok('agrees with that of others')];
    const seconds = Math.round(Math.abs(ahead) / 1000);
    return [
      {
        level: 'warning',
        what: `the clock of this machine is ${seconds} s ${ahead > 0 ? 'ahead' : 'behind'}`,
        cure: 'Let it be set over the network: timedatectl set-ntp true. Until then messages may count as too late, and signed calls of platforms are refused.',
      },
    ];
  },
};
