import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** Pages of https://open.feishu.cn/document are named by their path, which is the same for Lark. */
export const capabilities: ChannelCapabilities = {
  // A rich text may take 30 KB of the request (server-docs/im-v1/message/create); the rest of the request needs some.
  textLimit: 28_000,
  textUnit: 'byte',
  // `uuid`: the same one is sent at most once within an hour (server-docs/im-v1/message/create).
  dedupe: 'native',
  dedupeForMs: 55 * 60_000,
  // There is no such call; a reaction stands for it.
  typing: true,
  // A card may be changed 10 times a second, and while it streams no other limit counts
  // (cardkit-v1/streaming-updates-openapi-overview).
  streaming: { everyMs: 300, spendsLimit: false },
  reactions: true,
  downloads: true,
  // server-docs/im-v1/file/create. A rich text may hold many pictures; nine is our measure.
  files: { maxBytes: 30_000_000, captionLimit: 28_000, perMessage: 9 },
  // A label has up to 100 characters (feishu-cards/card-json-v2-components/interactive-components/button). A card may have 200
  // elements and 30 KB (feishu-cards/card-json-v2-structure): 20 of the longest labels need most of that.
  choices: { most: 20, labelLimit: 100 },
  contacts: ['email'],
  // To one person or group at most 5 messages a second, in groups shared by all bots (server-docs/im-v1/message/create).
  rateLimits: { channel: { burst: 5, perSecond: 5 } },
};

/** A larger image goes as a file (server-docs/im-v1/image/create). */
export const MAX_IMAGE_BYTES = 10_000_000;
