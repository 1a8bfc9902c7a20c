import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** Pages of https://open.feishu.cn/document are named by their path, which is the same for Lark. */
export const capabilities: ChannelCapabilities = {
  // A rich text may take 30 KB of the request (server-docs/im-v1/message/create); the rest of the request needs some.
  textLimit: 28_000,
  textUnit: 'byte',
  // `uuid`: the same one is sent at most once within an hour (server-docs/im-v1/message/create). See doubts.ts.
  dedupe: 'native',
  // There is no such call. A reaction could stand for it, but startTyping is not told which message it is about.
  typing: false,
  downloads: true,
  // server-docs/im-v1/file/create
  files: { maxBytes: 30_000_000, captionLimit: 28_000, perMessage: 1 },
  // To one person or group at most 5 messages a second, in groups shared by all bots (server-docs/im-v1/message/create).
  rateLimits: { channel: { burst: 5, perSecond: 5 } },
};

/** A larger image goes as a file (server-docs/im-v1/image/create). */
export const MAX_IMAGE_BYTES = 10_000_000;
