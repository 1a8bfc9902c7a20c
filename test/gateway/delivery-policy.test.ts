import { describe, expect, test } from 'vitest';
import { type ChannelCapabilities, ChannelError } from '../../src/contract/index.ts';
import { dedupeOf, verdictOn } from '../../src/gateway/outbound/delivery-policy.ts';

const lost = new ChannelError('network', 'the answer was lost');
const noConnection = new ChannelError('network', 'no connection', { certain: true });

describe('a message that brought no receipt', () => {
  test('is given up at once when it is refused for good', () => {
    const error = new ChannelError('rejected', 'blocked by the user');
    expect(verdictOn(error, 1, 'none', 'resend')).toEqual({
      next: 'dead',
      kind: 'refused',
      reason: 'blocked by the user',
    });
  });

  test('is sent again, unmarked, when it certainly did not arrive', () => {
    expect(verdictOn(noConnection, 1, 'none', 'hold')).toMatchObject({ next: 'again', repeats: false });
  });

  test('is sent again, unmarked, when the platform would drop the second', () => {
    expect(verdictOn(lost, 1, 'native', 'hold')).toMatchObject({ next: 'again', repeats: false });
  });

  test('is looked for where that can be done', () => {
    expect(verdictOn(lost, 1, 'readback', 'resend')).toEqual({ next: 'look' });
  });

  test('is sent again and marked, or held, as the owner wants, when nobody can tell', () => {
    expect(verdictOn(lost, 1, 'none', 'resend')).toMatchObject({ next: 'again', repeats: true });
    expect(verdictOn(lost, 1, 'none', 'hold')).toMatchObject({ next: 'dead', kind: 'held' });
  });

  test('waits at least as long as the platform wants, and being too fast never kills it', () => {
    const error = new ChannelError('rate_limited', 'too fast', { retryAfterMs: 77_000 });
    expect(verdictOn(error, 500, 'none', 'resend')).toEqual({ next: 'again', inMs: 77_000, repeats: false });
  });

  test('is tried for about a day, quickly at first, and then given up', () => {
    const waits: number[] = [];
    for (let attempt = 1; ; attempt++) {
      const verdict = verdictOn(noConnection, attempt, 'none', 'resend');
      if (verdict.next !== 'again') {
        expect(verdict).toMatchObject({ next: 'dead', reason: /after \d+ attempts: no connection/ });
        break;
      }
      waits.push(verdict.inMs);
    }
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
    expect(waits[0]).toBeLessThanOrEqual(1000);
    expect(hours).toBeGreaterThanOrEqual(12);
    expect(hours).toBeLessThanOrEqual(25);
  });
});

test('a platform that remembers for a while is not relied on after it, nor when the clock was set back', () => {
  const platform = { dedupe: 'native', dedupeForMs: 1_000 } as ChannelCapabilities;
  const at = (now: number) => dedupeOf(platform, 5_000, now);
  expect([at(5_000), at(6_000), at(6_001), at(4_999)]).toEqual(['native', 'native', 'none', 'none']);
});
