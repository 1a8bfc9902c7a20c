import { expect, test, vi } from 'vitest';
import { ChannelRateLimiter } from '../../src/gateway/channels/rate-limiter.ts';

const second = 1000;

test('a burst goes at once, the rest at the rate', () => {
  const limiter = new ChannelRateLimiter({ channel: { burst: 3, perSecond: 2 } });
  const waits = Array.from({ length: 7 }, () => limiter.reserve(1, 'direct', 0));
  expect(waits).toEqual([0, 0, 0, 500, 1000, 1500, 2000]);
});

test('tokens come back with time, up to the burst', () => {
  const limiter = new ChannelRateLimiter({ channel: { burst: 2, perSecond: 1 } });
  expect([limiter.tryTake(1, 'direct', 0), limiter.tryTake(1, 'direct', 0)]).toEqual([true, true]);
  expect(limiter.tryTake(1, 'direct', 999)).toBe(false);
  expect(limiter.tryTake(1, 'direct', 1000)).toBe(true);
  expect(limiter.tryTake(1, 'direct', 100 * second)).toBe(true);
  expect(limiter.tryTake(1, 'direct', 100 * second)).toBe(true);
  expect(limiter.tryTake(1, 'direct', 100 * second)).toBe(false);
});

test('tokens that are promised are counted, too', () => {
  const limiter = new ChannelRateLimiter({ channel: { burst: 2, perSecond: 1 } });
  for (let message = 0; message < 5; message += 1) limiter.reserve(1, 'direct', 0);
  expect([limiter.tokens(0), limiter.tokens(3 * second), limiter.tokens(9 * second)]).toEqual([
    { left: -3, burst: 2 },
    { left: 0, burst: 2 },
    { left: 2, burst: 2 },
  ]);
});

test('a message needs a token of its chat and of the channel; chats have their own', () => {
  const limiter = new ChannelRateLimiter({
    channel: { burst: 10, perSecond: 10 },
    direct: { burst: 1, perSecond: 1 },
    group: { burst: 1, perSecond: 1 / 3 },
  });
  expect(limiter.reserve(1, 'direct', 0)).toBe(0);
  expect(limiter.reserve(1, 'direct', 0)).toBe(1000);
  expect(limiter.reserve(2, 'direct', 0), 'another chat').toBe(0);
  expect(limiter.reserve(3, 'group', 0)).toBe(0);
  expect(limiter.reserve(3, 'group', 0)).toBe(3000);
});

test('a refused token is not spent', () => {
  const limiter = new ChannelRateLimiter({
    channel: { burst: 2, perSecond: 1 },
    direct: { burst: 1, perSecond: 1 },
  });
  expect(limiter.tryTake(1, 'direct', 0)).toBe(true);
  expect(limiter.tryTake(1, 'direct', 0)).toBe(false);
  expect(limiter.tryTake(2, 'direct', 0), "the channel's second token is still there").toBe(true);
});

test('waiting chats are served in the order of asking', () => {
  const limiter = new ChannelRateLimiter({ channel: { burst: 1, perSecond: 1 } });
  const waits = [1, 2, 1, 3].map((chat) => limiter.reserve(chat, 'direct', 0));
  expect(waits).toEqual([0, 1000, 2000, 3000]);
  expect(limiter.tryTake(4, 'direct', 500), 'a newcomer does not overtake').toBe(false);
});

test('nobody waits because the clock was set back', () => {
  const limiter = new ChannelRateLimiter({ channel: { burst: 1, perSecond: 10 } });
  using clock = vi.spyOn(Date, 'now');
  clock.mockReturnValue(7_200_000);
  limiter.reserve(1, 'direct');
  clock.mockReturnValue(3_600_000);
  expect(limiter.reserve(1, 'direct')).toBeLessThanOrEqual(100);
});
