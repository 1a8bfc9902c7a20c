import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, GrammyError } from 'grammy';
import type { ChatId, TurnId } from '../../src/contract/index.ts';
import { toAddress } from './address.ts';
import { toSignal } from './client.ts';
import { render } from './format.ts';

/** An answer that is there sooner, in milliseconds, needs no preview. */
const FIRST_MS = 500;
/**
 * The pace, which leaves Telegram's limits to the answers themselves (30 messages per second in all, one in each chat:
 * https://core.telegram.org/bots/faq): one preview in 1.5 s, of at most five answers at a time. More of them have none.
 */
const PAUSE_MS = 1_500;
const MOST_AT_ONCE = 5;
/** How long there are no previews at all after Telegram has refused one, if it does not say so itself. */
const QUIET_MS = 30_000;
/** A preview that takes longer is not waited for. */
const TIMEOUT_MS = 3_000;

interface Growing {
  /** What has not been shown yet. */
  text: string | undefined;
  readonly over: AbortController;
  shown: Promise<void>;
}

export interface Previews {
  /** Shows an answer while it grows; in direct chats only, for there are no drafts in groups. Best effort. */
  show(chat: ChatId, turn: TurnId, text: string): void;
  /** Shows no more of it; resolves when nothing of it is on its way. */
  end(turn: TurnId): Promise<void>;
}

/** Answers that grow, as drafts (https://core.telegram.org/bots/api#sendmessagedraft), until `stopping` aborts. */
export function createPreviews(api: Api, stopping: AbortSignal): Previews {
  const growing = new Map<TurnId, Growing>();
  let quietUntil = 0;

  return {
    show(chat, turn, text) {
      const known = growing.get(turn);
      if (known !== undefined) {
        known.text = text;
        return;
      }
      if (toAddress(chat).chat < 0 || growing.size >= MOST_AT_ONCE || Date.now() < quietUntil) return;
      const preview: Growing = { text, over: new AbortController(), shown: Promise.resolve() };
      growing.set(turn, preview);
      preview.shown = follow(chat, turn, preview)
        .catch(beQuiet)
        .finally(() => growing.delete(turn));
    },

    async end(turn) {
      const preview = growing.get(turn);
      preview?.over.abort();
      await preview?.shown;
    },
  };

  /** Until it grows no more. */
  async function follow(chat: ChatId, turn: TurnId, preview: Growing): Promise<void> {
    const signal = AbortSignal.any([stopping, preview.over.signal]);
    const pause = (ms: number) => sleep(ms, undefined, { signal, ref: false }).catch(() => {});
    await pause(FIRST_MS);
    while (preview.text !== undefined && !signal.aborted) {
      const latest = render(preview.text).at(-1);
      preview.text = undefined;
      if (latest !== undefined) await draft(chat, turn, latest.text);
      await pause(PAUSE_MS);
    }
  }

  async function draft(id: ChatId, turn: TurnId, text: string): Promise<void> {
    const { chat, topic } = toAddress(id);
    await api.raw.sendMessageDraft(
      {
        chat_id: chat,
        ...(topic !== undefined && { message_thread_id: topic }),
        draft_id: draftId(turn),
        text,
        parse_mode: 'HTML',
      },
      toSignal(AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)])),
    );
  }

  function beQuiet(error: unknown): void {
    const seconds = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) : 0;
    quietUntil = Date.now() + Math.max(seconds * 1000, QUIET_MS);
  }
}

/** The same for all drafts of a turn, and never 0. */
function draftId(turn: TurnId): number {
  return createHash('sha256').update(turn).digest().readUIntBE(0, 3) + 1;
}
