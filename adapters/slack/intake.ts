import { setTimeout as pause } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { batchOf, oneAtATime, unlessAborted, within } from '../../src/adapter-kit/index.ts';
import {
  type AdapterHost,
  errorText,
  type InboundBatch,
  type InboundMessage,
} from '../../src/contract/index.ts';
import type { Self } from './api.ts';
import { missedIn } from './catch-up.ts';
import { toChannelError } from './errors.ts';
import { envelope, overflow } from './events.ts';
import { createGaps, type Gap } from './gaps.ts';
import { normalize } from './inbound.ts';
import { placeOf, toChatId } from './places.ts';
import { lowered, placesOf, raised, watermarksIn } from './watermarks.ts';

/** How long to wait before what was missed is fetched once more, in milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Slack holds events back minute by minute. */
const OVERFLOW_MS = 60_000;

/** So many fetched messages are stored at once. */
const STORED_AT_ONCE = 200;

/** In milliseconds. */
export interface Patience {
  /** How long an event waits for older ones. Slack wants to hear within 3 s that we have it. */
  readonly holdMs: number;
  /** For how long order goes before speed. Longer than the longest pause, so that a full disk changes no order. */
  readonly orderMs: number;
}

const PATIENCE: Patience = { holdMs: 2_500, orderMs: 60_000 };

export interface Intake {
  /**
   * Resolves when the event is on disk: only then may Slack be told that we have it. Rejects when it is not: Slack brings it
   * again, or it is fetched.
   */
  take(event: unknown): Promise<void>;
  /** Events may have been missed: from now on the watermarks stay where they are. */
  fallBehind(): void;
  /** Fetches, in the background, what was said since the watermarks; then they rise again. */
  catchUp(afterMs?: number): void;
}

/**
 * Puts events on disk, one batch after the other, each with the watermarks that hold once it is there. They never pass a
 * message that is not on disk: where something may be missing they stay, and what is missing is fetched from Slack's
 * history. It begins behind: `catchUp` is called when the connection stands.
 *
 * What is said where something is missing waits for it, for as long as Slack waits for us. A message that waited in vain is
 * refused, and fetched with the others; what no history tells of is stored before them. Where Slack's history cannot be had
 * for a minute, the order is given up, so that nobody waits for ever.
 */
export function createIntake(
  host: AdapterHost,
  web: WebClient,
  self: Self,
  signal: AbortSignal,
  { holdMs, orderMs }: Patience = PATIENCE,
): Intake {
  /** Up to where everything would be on disk, if there were no gaps. */
  let reached = watermarksIn(host.cursor());
  const gaps = createGaps();
  let catchingUp = false;
  /** How often something could not be stored. */
  let failures = 0;
  const inTurn = oneAtATime();
  /** What is written next, together: all that comes while something else is being written. */
  let next: { readonly batches: InboundBatch[]; readonly written: Promise<void> } | undefined;
  fallBehind();

  async function take(event: unknown): Promise<void> {
    if (overflow.safeParse(event).success) {
      host.log.warn('Slack holds events back: there are too many; they are fetched in a minute');
      return catchUp(OVERFLOW_MS);
    }
    const batch = batchOf([event], normalize, keyOf);
    for (const message of batch.messages) await inItsTurn(message);
    if (!isEmpty(batch)) await store(batch);
  }

  /** Lets go first what may be missing. Rejects when the message has to come again. */
  async function inItsTurn(message: InboundMessage): Promise<void> {
    const gap = gapBefore(message);
    const orderMsLeft = (gap?.orderUntil ?? 0) - performance.now();
    if (gap === undefined || orderMsLeft <= 0) return;
    gap.wanted = true;
    try {
      await unlessAborted(gap.filled.promise, within(Math.ceil(Math.min(holdMs, orderMsLeft)), signal));
    } catch (error) {
      if (signal.aborted) throw error;
      const isInHistory = placesOf(message).length > 0;
      if (!isInHistory || orderMsLeft <= holdMs) return;
      missing([message], gap.orderUntil);
      throw error;
    }
  }

  /** Of a thread that we do not know, what is missing comes to light in its conversation. */
  function gapBefore({ chat: { id } }: InboundMessage): Gap | undefined {
    const isKnown = reached.some(([chat]) => chat === id);
    return gaps.in(id) ?? (isKnown ? undefined : gaps.in(toChatId({ channel: placeOf(id).channel })));
  }

  function store(batch: InboundBatch): Promise<void> {
    if (next === undefined) {
      const batches: InboundBatch[] = [];
      const before = failures;
      const written = inTurn(() => {
        next = undefined;
        return write(batches, failures > before);
      });
      next = { batches, written };
    }
    next.batches.push(batch);
    return next.written;
  }

  /** `overtaking`: something that came before could not be stored meanwhile. */
  async function write(batches: readonly InboundBatch[], overtaking = false): Promise<void> {
    const messages = batches.flatMap((batch) => batch.messages);
    const unreadable = batches.flatMap((batch) => batch.unreadable ?? []);
    const then = raised(reached, messages);
    const cursor = JSON.stringify(lowered(then, gaps.all()));
    try {
      if (overtaking) throw new Error('what came before them could not be stored');
      await host.receive({ messages, unreadable, cursor });
    } catch (error) {
      failures += 1;
      host.log.warn('messages could not be stored; they are fetched again', { reason: errorText(error) });
      missing(messages, performance.now() + orderMs);
      fillGaps(FIRST_PAUSE_MS);
      throw error;
    }
    reached = then;
  }

  function missing(messages: readonly InboundMessage[], orderUntil: number): void {
    const marks = new Map(reached);
    for (const message of messages) {
      // Of the thread that a call begins, its conversation tells.
      const [chat, ts] = placesOf(message).at(-1) ?? [];
      if (chat === undefined || ts === undefined) continue;
      const since = marks.get(chat) ?? gapBefore(message)?.since ?? (Number(ts) - 1).toFixed(6);
      gaps.open(chat, since, orderUntil);
    }
  }

  function fallBehind(afterMs = 0): void {
    for (const [chat, ts] of reached) gaps.open(chat, ts, performance.now() + afterMs + orderMs);
  }

  function catchUp(afterMs = 0): void {
    fallBehind(afterMs);
    fillGaps(afterMs);
  }

  function fillGaps(afterMs: number): void {
    if (catchingUp) return;
    catchingUp = true;
    void untilCaughtUp(afterMs).catch((error: unknown) => {
      if (!signal.aborted) host.onStateChange({ state: 'disconnected', error: toChannelError(error) });
    });
  }

  /** Rejects when we stop, or when Slack refuses our credentials. */
  async function untilCaughtUp(afterMs: number): Promise<void> {
    let waitMs = afterMs;
    for (;;) {
      if (waitMs > 0) await pause(waitMs, undefined, { signal, ref: false });
      const gap = gaps.next(waitMs > 0);
      if (gap === undefined) break;
      try {
        await fill(gap);
        waitMs = 0;
      } catch (thrown) {
        const error = toChannelError(thrown);
        if (signal.aborted || error.kind === 'auth') throw error;
        waitMs = Math.max(error.retryAfterMs ?? 0, Math.min(LONGEST_PAUSE_MS, 2 * waitMs || FIRST_PAUSE_MS));
        host.log.warn('what was missed is fetched later', { reason: error.message, waitMs });
        gaps.postpone(gap);
      }
    }
    catchingUp = false;
    // Should this not be stored, more is fetched after a restart than need be.
    const isNews = reached.length > 0 && JSON.stringify(reached) !== host.cursor();
    if (isNews) await store({ messages: [] }).catch(() => {});
  }

  async function fill(gap: Gap): Promise<void> {
    gap.unread = false;
    const events = await missedIn(web, self, gap, host.log);
    for (let at = 0; at < events.length; at += STORED_AT_ONCE) {
      const batch = batchOf(events.slice(at, at + STORED_AT_ONCE), normalize, keyOf);
      if (!isEmpty(batch)) await inTurn(() => write([batch]));
    }
    gaps.close(gap);
  }

  return { take, fallBehind, catchUp };
}

function isEmpty({ messages, unreadable = [] }: InboundBatch): boolean {
  return messages.length + unreadable.length === 0;
}

/** By which an event is known that cannot be read. */
function keyOf(event: unknown, payload: string): string {
  return envelope.safeParse(event).data?.event_id ?? payload;
}
