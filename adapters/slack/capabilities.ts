import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** What Slack can do. Sources: docs.slack.dev, pages "chat.postMessage", "Rate limits", "Working with files" and "Block Kit". */
export const capabilities: ChannelCapabilities = {
  // Slack cuts a text at 40,000 characters, but from about 4,000 on it breaks it into several messages by itself.
  textLimit: 3_900,
  textUnit: 'utf16',
  // No key is honoured, but a message keeps the metadata that it was sent with, and can be read back.
  dedupe: 'readback',
  typing: true,
  // A preview is a message, edited: chat.update is of Tier 3, which is 50 calls per minute.
  streaming: { everyMs: 1_200, spendsLimit: true },
  reactions: true,
  downloads: true,
  // Slack takes files of up to 1 GB, and 10 in one message; the size is what a gateway should carry for a chat.
  files: { maxBytes: 100_000_000, captionLimit: 3_900, perMessage: 10 },
  // "Actions block": 25 elements; "Button element": 75 characters.
  choices: { most: 25, labelLimit: 75 },
  contacts: ['email'],
  rateLimits: {
    // One message per second and conversation, with short bursts; several hundred per minute in all.
    channel: { burst: 3, perSecond: 1 },
    direct: { burst: 1, perSecond: 1 },
    group: { burst: 1, perSecond: 1 },
  },
};

/** What one call of Slack's API may take, in milliseconds; its own clients wait for ever. */
export const CALL_TIMEOUT_MS = 15_000;

/** What it may take to hand over a file, in milliseconds: less than the gateway waits for a send. */
export const TRANSFER_TIMEOUT_MS = 50_000;
