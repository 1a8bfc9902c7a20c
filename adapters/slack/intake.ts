import { setTimeout as pause } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { batchOf, oneAtATime } from '../../src/adapter-kit/index.ts';
import {
  type AdapterHost,
  errorText,
  type InboundBatch,
  type InboundMessage,
} from '../../src/contract/index.ts';
import type { Self } from './api.ts';
import { missedMessages } from './catch-up.ts';
import { toChannelError } from './errors.ts';
import { envelope, overflow } from './events.ts';
import { normalize } from './inbound.ts';
import { knowing, raised, watermarksIn } from './watermarks.ts';

/** How long to wait before what was missed is fetched once more, in milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Slack holds events back minute by minute. */
const OVERFLOW_MS = 60_000;

export interface Intake {
  /** Resolves when the event is on disk: only then may Slack be told that we have it. */
  take(event: unknown): Promise<void>;
  /** Events may have been missed: from now on the watermarks stay where they are. */
  fallBehind(): void;
  /** Fetches, in the background, what was said since the watermarks; then they rise again. */
  catchUp(afterMs?: number): void;
}

/**
 * Puts events on disk, one batch after the other, each with the watermarks that hold once it is there. They never pass a
 * message that is not on disk: while something may be missing they stay, and what is missing is fetched from Slack's
 * history. It begins behind: `catchUp` is called when the connection stands.
 */
export function createIntake(host: AdapterHost, web: WebClient, self: Self, signal: AbortSignal): Intake {
  let marks = watermarksIn(host.cursor());
  let behind = true;
  let catchingUp = false;
  /** Something may be missing that was not there when the history was last asked. */
  let missing = true;
  /** On disk, and not in the watermarks yet, because we are behind. */
  const ahead: InboundMessage[] = [];
  const inTurn = oneAtATime();
  /** What is written next, together: all that comes while something else is being written. */
  let next: { readonly batches: InboundBatch[]; readonly written: Promise<void> } | undefined;

  async function take(event: unknown): Promise<void> {
    if (overflow.safeParse(event).success) {
      host.log.warn('Slack holds events back: there are too many; they are fetched in a minute');
      return catchUp(OVERFLOW_MS);
    }
    const batch = batchOf([event], normalize, keyOf);
    if (batch.messages.length + batch.unreadable.length > 0) await store(batch);
  }

  function store(batch: InboundBatch): Promise<void> {
    if (next === undefined) {
      const batches: InboundBatch[] = [];
      const written = inTurn(() => {
        next = undefined;
        return write(batches);
      });
      next = { batches, written };
    }
    next.batches.push(batch);
    return next.written;
  }

  async function write(batches: readonly InboundBatch[]): Promise<void> {
    const messages = batches.flatMap((batch) => batch.messages);
    const unreadable = batches.flatMap((batch) => batch.unreadable ?? []);
    const held = behind;
    if (!held) marks = raised(marks, ahead.splice(0));
    const cursor = JSON.stringify(held ? marks : raised(marks, messages));
    try {
      await host.receive({ messages, unreadable, cursor });
    } catch (error) {
      host.log.warn('messages could not be stored; they are fetched again', { reason: errorText(error) });
      marks = knowing(marks, messages);
      catchUp(FIRST_PAUSE_MS);
      throw error;
    }
    if (held) ahead.push(...messages);
    else marks = raised(marks, messages);
  }

  function fallBehind(): void {
    behind = true;
    missing = true;
  }

  function catchUp(afterMs = 0): void {
    fallBehind();
    if (catchingUp) return;
    catchingUp = true;
    void untilCaughtUp(afterMs).catch((error: unknown) => {
      if (!signal.aborted) host.onStateChange({ state: 'disconnected', error: toChannelError(error) });
    });
  }

  /** Rejects when we stop, or when Slack refuses our credentials. */
  async function untilCaughtUp(afterMs: number): Promise<void> {
    let waitMs = afterMs;
    while (missing) {
      if (waitMs > 0) await pause(waitMs, undefined, { signal, ref: false });
      missing = false;
      try {
        for await (const event of missedMessages(web, self, marks, host.log)) await take(event);
      } catch (thrown) {
        const error = toChannelError(thrown);
        if (signal.aborted || error.kind === 'auth') throw error;
        waitMs = Math.max(error.retryAfterMs ?? 0, Math.min(LONGEST_PAUSE_MS, 2 * waitMs || FIRST_PAUSE_MS));
        // If it was not Slack's fault, it is in the log already.
        if (!missing) host.log.warn('what was missed is fetched later', { reason: error.message, waitMs });
        missing = true;
      }
    }
    behind = false;
    catchingUp = false;
    // Should this not be stored, more is fetched after a restart than need be.
    if (ahead.length > 0) await store({ messages: [] }).catch(() => {});
  }

  return { take, fallBehind, catchUp };
}

/** By which an event is known that cannot be read. */
function keyOf(event: unknown, payload: string): string {
  return envelope.safeParse(event).data?.event_id ?? payload;
}
