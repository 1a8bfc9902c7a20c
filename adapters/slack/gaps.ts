/** A conversation or thread in which something may be missing. */
export interface Gap {
  readonly chat: string;
  /** Up to this `ts` all is on disk. */
  since: string;
  /** Until when what is said there waits for what is missing, by `performance.now()`. */
  orderUntil: number;
  /** Whether Slack's history has to be asked, for the first time or anew. */
  unread: boolean;
  /** Whether something waits for it. */
  wanted: boolean;
  /** Resolved when nothing is missing any more. */
  readonly filled: PromiseWithResolvers<void>;
}

export type Gaps = ReturnType<typeof createGaps>;

/**
 * What may be missing, and where. A gap opens when events may not have reached us or our disk, is read from Slack's history,
 * and closes when all of that is on disk; unless it was opened once more meanwhile: then it is read once more.
 */
export function createGaps() {
  const gaps = new Map<string, Gap>();

  return {
    open(chat: string, since: string, orderUntil: number): void {
      const gap = gaps.get(chat);
      if (gap === undefined) {
        const filled = Promise.withResolvers<void>();
        gaps.set(chat, { chat, since, orderUntil, unread: true, wanted: false, filled });
        return;
      }
      gap.unread = true;
      gap.orderUntil = Math.max(gap.orderUntil, orderUntil);
      if (since < gap.since) gap.since = since;
    },

    in: (chat: string): Gap | undefined => gaps.get(chat),

    all: (): Gap[] => [...gaps.values()],

    /** What to read next: what is waited for, unless it is the turn of those in line. */
    next(inLine: boolean): Gap | undefined {
      const unread = [...gaps.values()].filter((gap) => gap.unread);
      return (inLine ? undefined : unread.find(({ wanted }) => wanted)) ?? unread[0];
    },

    /** All that was read is on disk. */
    close(gap: Gap): void {
      if (gap.unread) return;
      gaps.delete(gap.chat);
      gap.filled.resolve();
    },

    /** It could not be read: it is the last in line. */
    postpone(gap: Gap): void {
      gap.unread = true;
      gaps.delete(gap.chat);
      gaps.set(gap.chat, gap);
    },
  };
}
