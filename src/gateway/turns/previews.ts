import {
  type ChannelAdapter,
  ChannelError,
  type Chat,
  type OutboundId,
  type Preview,
  type TurnId,
} from '../../contract/index.ts';
import type { Channel } from '../channels/channel.ts';
import { jittered, sleep } from '../timing.ts';

/** An answer that is complete sooner needs no preview; in milliseconds. */
const FIRST_AFTER_MS = 500;
/** A preview that takes longer than this is given up. */
const TIMEOUT_MS = 10_000;
/** How long a channel shows no previews after the platform refused one as too fast and did not say how long it wants to wait. */
const QUIET_MS = 30_000;

export interface GrowingAnswer {
  /** All of the text so far; what is overtaken is never shown. */
  show(text: string): void;
  /** Whether anything was shown, or may have been. */
  readonly shown: boolean;
  /** Nothing more is shown. */
  end(): void;
}

/** Whether answers are shown in such a chat while they grow. */
export function isShownGrowing(
  { capabilities: { streaming }, stream }: ChannelAdapter,
  { kind }: Chat,
): boolean {
  if (streaming === undefined || stream === undefined) return false;
  return streaming.directOnly !== true || kind === 'direct';
}

/**
 * Shows an answer while it grows, in the pace of the channel: one preview at a time, the latest text, and of the
 * platform's limit only what the answers themselves leave over. Previews are for comfort: one that fails costs nothing else.
 * `undefined` where the channel shows none in such a chat.
 */
export function growingAnswer(
  channel: Channel,
  about: Pick<Preview, 'chat' | 'replyTo'> & { turn: TurnId; chatRef: number },
): GrowingAnswer | undefined {
  const { adapter, limiter } = channel;
  const { streaming } = adapter.capabilities;
  const { turn, chatRef, chat, replyTo } = about;
  if (streaming === undefined || !isShownGrowing(adapter, chat)) return undefined;

  const over = new AbortController();
  let latest: string | undefined;
  let following = false;
  let shown = false;
  const first = `${turn}-0` as OutboundId;

  async function follow(pace: NonNullable<typeof streaming>): Promise<void> {
    await sleep(Math.min(FIRST_AFTER_MS, pace.everyMs), over.signal);
    while (latest !== undefined && !over.signal.aborted) {
      const may = mayShow(pace);
      if (may) {
        const text = latest;
        latest = undefined;
        shown = true;
        const signal = AbortSignal.any([over.signal, AbortSignal.timeout(TIMEOUT_MS)]);
        await adapter.stream?.(
          { chat, turn, first, text, ...(replyTo !== undefined && { replyTo }) },
          signal,
        );
      }
      // Who was not let asks again sooner, and by chance, so that those who wait have equal luck.
      await sleep(may ? pace.everyMs : jittered(pace.everyMs / 2), over.signal);
    }
  }

  function mayShow(pace: NonNullable<typeof streaming>): boolean {
    if (channel.health.state !== 'connected' || Date.now() < channel.previewsQuietUntil) return false;
    return !pace.spendsLimit || limiter.tryTakeSpare(chatRef, chat.kind);
  }

  return {
    show(text) {
      latest = text;
      if (following || over.signal.aborted) return;
      following = true;
      follow(streaming)
        .catch((thrown: unknown) => {
          const error = ChannelError.from(thrown);
          if (error.kind === 'rate_limited')
            channel.previewsQuietUntil = Date.now() + (error.retryAfterMs ?? QUIET_MS);
          else over.abort();
        })
        .finally(() => {
          following = false;
        });
    },
    get shown() {
      return shown;
    },
    end: () => over.abort(),
  };
}
