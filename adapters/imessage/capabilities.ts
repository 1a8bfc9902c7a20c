import type { ChannelCapabilities } from '../../src/contract/index.ts';

export const capabilities: ChannelCapabilities = {
  // Apple names no limit; this much is still one bubble that people scroll through.
  textLimit: 4000,
  textUnit: 'utf16',
  // BlueBubbles refuses a second message with the same `tempGuid` only while the first is on its way (messageValidator.ts).
  dedupe: 'none',
  // Both work where the server has its Private API enabled, which it tells only once we are connected.
  typing: true,
  reactions: true,
  downloads: true,
  files: {
    // Apple: "MMS and iMessage attachments up to 100 MB"; there is no caption, only a message before or after it.
    maxBytes: 100_000_000,
    captionLimit: 0,
    perMessage: 1,
  },
  contacts: ['phone', 'email'],
  // iMessage knows no bots: a program's account is one like any other.
  botsUnmarked: true,
  // Nobody publishes numbers; accounts that write much faster than a person are blocked.
  rateLimits: { channel: { burst: 1, perSecond: 1 } },
};
