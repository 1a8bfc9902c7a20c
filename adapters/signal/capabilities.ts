import type { ChannelCapabilities } from '../../src/contract/index.ts';

export const capabilities: ChannelCapabilities = {
  // What is longer than 2000 bytes travels as an attached text: MAX_MESSAGE_SIZE_BYTES in signal-cli's ServiceConfig.java.
  textLimit: 2000,
  textUnit: 'byte',
  // Signal gives every message the time of its sending as its id: a second attempt is a second message.
  dedupe: 'none',
  typing: true,
  reactions: true,
  downloads: true,
  files: {
    // A file goes to the daemon as base64 in one JSON string, of which it reads at most 20,000,000 characters
    // (StreamReadConstraints.DEFAULT_MAX_STRING_LEN of Jackson, its JSON parser).
    maxBytes: 14_000_000,
    captionLimit: 2000,
    // Signal's own apps let a person attach 32; all of them are in the daemon's memory at once.
    perMessage: 10,
  },
  contacts: ['phone'],
  // Signal knows no bots: a program's account is one like any other.
  botsUnmarked: true,
  // Signal publishes no numbers; this is a pace at which no captcha was asked for.
  rateLimits: { channel: { burst: 1, perSecond: 0.5 } },
};
