import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** Of all files of one message, with room for the rest of the request. */
export const MAX_REQUEST_BYTES = 25 * 1024 * 1024 - 64 * 1024;

export const capabilities: ChannelCapabilities = {
  // https://discord.com/developers/docs/resources/message#create-message; markup counts, and no letter counts for more
  // than its UTF-16 units.
  textLimit: 2000,
  textUnit: 'utf16',
  // `nonce` with `enforce_nonce` (same page): holds for "the past few minutes", of which we count on two.
  dedupe: 'native',
  dedupeForMs: 2 * 60_000,
  typing: true,
  // By edits, for which the pace is the same as for new messages: see below.
  streaming: { everyMs: 1_500, spendsLimit: true },
  reactions: true,
  downloads: true,
  // https://discord.com/developers/docs/reference#uploading-files; a server's boosts may allow more. At most ten of them:
  // MessageCreateRequest of https://github.com/discord/discord-api-spec/blob/main/specs/openapi.json
  files: {
    maxBytes: 10 * 1024 * 1024,
    // 25 MiB with all else that is sent: https://discord.com/developers/docs/resources/message#create-message
    maxTotalBytes: MAX_REQUEST_BYTES,
    captionLimit: 2000,
    perMessage: 10,
  },
  // https://discord.com/developers/docs/components/reference#action-row and #button: five rows of five.
  choices: { most: 25, labelLimit: 80 },
  menu: true,
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
