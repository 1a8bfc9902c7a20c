import type { ChannelCapabilities } from '../../src/contract/index.ts';

export const capabilities: ChannelCapabilities = {
  // https://discord.com/developers/docs/resources/message#create-message; markup counts, and no letter counts for more
  // than its UTF-16 units.
  textLimit: 2000,
  textUnit: 'utf16',
  // `nonce` with `enforce_nonce` (same page): holds for "the past few minutes".
  dedupe: 'native',
  typing: true,
  downloads: true,
  // https://discord.com/developers/docs/reference#uploading-files; a server's boosts may allow more.
  files: { maxBytes: 10 * 1024 * 1024, captionLimit: 2000, perMessage: 1 },
  // Discord publishes no numbers but those in its headers; seen for new messages: 5 in 5 s for each channel.
  rateLimits: {
    channel: { burst: 5, perSecond: 5 },
    direct: { burst: 5, perSecond: 1 },
    group: { burst: 5, perSecond: 1 },
  },
};

/** https://discord.com/developers/docs/resources/channel#trigger-typing-indicator: it is shown for 10 s. */
export const TYPING_EVERY_MS = 8_000;

/** The most that one request for history gives: https://discord.com/developers/docs/resources/message#get-channel-messages */
export const HISTORY_PAGE = 100;
