import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** The page is ours, so are the numbers: they keep a browser quick, and a person from being flooded. */
export const capabilities: ChannelCapabilities = {
  textLimit: 200_000,
  textUnit: 'utf16',
  // A line has its id wherever it is shown, and the page shows an id once.
  dedupe: 'native',
  typing: true,
  streaming: { everyMs: STREAM_EVERY_MS, spendsLimit: false },
  rateLimits: {
    channel: { burst: 1000, perSecond: 1000 },
    direct: { burst: 10, perSecond: 10 },
  },
};

/** The longest text a person may send at once, in UTF-16 units. The page says so before it sends. */
export const MAX_MESSAGE_LENGTH = 32_000;

/** How much of a chat the page gets when it opens: so many lines, and not more text than this. */
export const HISTORY_LINES = 200;
export const HISTORY_LENGTH = 1_000_000;

/** A growing answer reaches the page at most this often (milliseconds). */
export const STREAM_EVERY_MS = 50;

/** When the page may offer again a message that could not be stored (milliseconds). */
export const RETRY_AFTER_MS = 3_000;
