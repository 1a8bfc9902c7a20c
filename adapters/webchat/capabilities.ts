import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** The page keeps up with so many previews of an answer (milliseconds). */
const STREAM_EVERY_MS = 50;
const TEXT_LIMIT = 200_000;

/** The page is ours, so are the numbers: they keep a browser quick, and a person from being flooded. */
export const capabilities = {
  textLimit: TEXT_LIMIT,
  textUnit: 'utf16',
  // A line has its id wherever it is shown, and the page shows an id once.
  dedupe: 'native',
  typing: true,
  streaming: { everyMs: STREAM_EVERY_MS, spendsLimit: false },
  reactions: true,
  downloads: true,
  // Whatever is sent becomes one line: the text, and below it the files.
  files: { maxBytes: 50_000_000, captionLimit: TEXT_LIMIT, perMessage: 10 },
  menu: true,
  choices: { most: 10, labelLimit: 80 },
  rateLimits: {
    channel: { burst: 1000, perSecond: 1000 },
    direct: { burst: 10, perSecond: 10 },
  },
} as const satisfies ChannelCapabilities;

/** The longest text a person may send at once, in UTF-16 units. The page says so before it sends. */
export const MAX_MESSAGE_LENGTH = 32_000;

/** How much of a chat the page gets when it opens: so many lines, and not more text than this. */
export const HISTORY_LINES = 200;
export const HISTORY_LENGTH = 1_000_000;

/** What a person may attach to one message. The page says so before it uploads. */
export const MAX_FILES = 10;
export const MAX_FILE_BYTES = 20_000_000;

/** A file travels in pieces, of which each stays, as base64 in JSON, below the server's limit of 1 MB for a body. */
export const PIECE_BYTES = 512 * 1024;

/** What may lie here of one visitor: files that no message has named yet, and files that one has. */
export const MAX_UNSENT_FILES = 20;
export const MAX_SENT_FILES = 500;

/** How long they lie here (milliseconds): unsent ones an hour, sent ones a week, for agents that are down meanwhile. */
export const KEEP_UNSENT_MS = 3_600_000;
export const KEEP_SENT_MS = 7 * 24 * 3_600_000;

export const SWEEP_EVERY_MS = 600_000;

/** How far back a file of the conversation is looked for, in lines: a page can stay open for long. */
export const FILE_LINES = 1_000;

/** So many of our reactions are known until the next restart. */
export const REACTIONS_KEPT = 1_000;

/** When the page may offer again a message that could not be stored (milliseconds). */
export const RETRY_AFTER_MS = 3_000;
