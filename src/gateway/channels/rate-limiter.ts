import type { ChatKind, RateLimit, RateLimits } from '../../contract/index.ts';

/**
 * A token bucket, kept as the one number that describes it: the time at which it will be full again ("virtual
 * scheduling", as in the ATM Forum's generic cell rate algorithm). Needs no timer.
 */
class TokenBucket {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  #fullAt = 0;

  constructor({ burst, perSecond }: RateLimit) {
    this.#intervalMs = 1000 / perSecond;
    this.#burstMs = burst * this.#intervalMs;
  }

  /** Milliseconds until a token is there; 0 when one is. */
  wait(now: number): number {
    return Math.max(0, this.#fullAt + this.#intervalMs - this.#burstMs - now);
  }

  /** Takes a token, on credit if need be. */
  take(now: number): void {
    this.#fullAt = Math.max(now, this.#fullAt) + this.#intervalMs;
  }

  /** Gives no token before `until`. */
  pause(until: number): void {
    this.#fullAt = Math.max(this.#fullAt, until + this.#burstMs - this.#intervalMs);
  }

  /** Tokens that are there. */
  left(now: number): number {
    return (this.#burstMs - Math.max(0, this.#fullAt - now)) / this.#intervalMs;
  }

  isFull(now: number): boolean {
    return this.#fullAt <= now;
  }
}

/** Chats whose buckets are full again are forgotten when more than this many are kept. */
const SWEEP_ABOVE = 1000;

/**
 * Paces what one channel sends: a token bucket for the channel and one for each chat. A message needs a token of both.
 * Tokens are reserved in the order of asking, so that no chat can crowd out another. Times are those of the monotonic clock:
 * the wall clock may be set, and nobody shall wait for that.
 */
export class ChannelRateLimiter {
  readonly #limits: RateLimits;
  readonly #channel: TokenBucket;
  readonly #chats = new Map<number, TokenBucket>();
  /** Who was last told to wait, and until when. */
  #refused = { chat: -1, until: 0 };
  #sweepAbove = SWEEP_ABOVE;

  constructor(limits: RateLimits) {
    this.#limits = limits;
    this.#channel = new TokenBucket(limits.channel);
  }

  /** Takes the tokens if both are there at this moment. */
  tryTake(chat: number, kind: ChatKind, now = performance.now()): boolean {
    if (this.#channel.wait(now) > 0) return false;
    const bucket = this.#bucketOf(chat, kind, now);
    if (bucket !== undefined && bucket.wait(now) > 0) return false;
    this.#channel.take(now);
    bucket?.take(now);
    return true;
  }

  /**
   * Takes the tokens if nobody else will miss them: half of the channel's must remain for answers to others, and one of
   * the chat's for the answer that is growing there.
   */
  tryTakeSpare(chat: number, kind: ChatKind, now = performance.now()): boolean {
    if (this.#channel.left(now) - 1 < this.#limits.channel.burst / 2) return false;
    const bucket = this.#bucketOf(chat, kind, now);
    if (bucket !== undefined && bucket.left(now) < 2) return false;
    this.#channel.take(now);
    bucket?.take(now);
    return true;
  }

  /** Reserves the tokens and says in how many milliseconds they may be used. */
  reserve(chat: number, kind: ChatKind, now = performance.now()): number {
    const bucket = this.#bucketOf(chat, kind, now);
    const wait = Math.max(this.#channel.wait(now), bucket?.wait(now) ?? 0);
    this.#channel.take(now);
    bucket?.take(now);
    return wait;
  }

  /**
   * The platform wants this chat to wait for `ms`. Its lane does so by itself; but when a second chat is told the same
   * meanwhile, it is the channel that is too fast, and all of it waits.
   */
  refused(chat: number, ms: number, now = performance.now()): void {
    const until = now + ms;
    const another = this.#refused.chat !== chat && this.#refused.until > now;
    if (another) this.#channel.pause(Math.min(until, this.#refused.until));
    this.#refused = { chat, until };
  }

  /** The channel's own tokens that are there, less those that are promised already: below 0, messages wait for theirs. */
  tokens(now = performance.now()): { readonly left: number; readonly burst: number } {
    return { left: this.#channel.left(now), burst: this.#limits.channel.burst };
  }

  #bucketOf(chat: number, kind: ChatKind, now: number): TokenBucket | undefined {
    const limit = this.#limits[kind];
    if (limit === undefined) return undefined;
    const known = this.#chats.get(chat);
    if (known !== undefined) return known;
    if (this.#chats.size >= this.#sweepAbove) this.#sweep(now);
    const bucket = new TokenBucket(limit);
    this.#chats.set(chat, bucket);
    return bucket;
  }

  #sweep(now: number): void {
    for (const [chat, bucket] of this.#chats) if (bucket.isFull(now)) this.#chats.delete(chat);
    this.#sweepAbove = Math.max(SWEEP_ABOVE, this.#chats.size * 2);
  }
}
