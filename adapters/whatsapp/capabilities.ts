import type { ChannelCapabilities } from '../../src/contract/index.ts';

export const capabilities: ChannelCapabilities = {
  // WhatsApp takes far longer texts; its apps fold what exceeds a few thousand characters behind "Read more".
  textLimit: 4000,
  textUnit: 'utf16',
  // The recipients' apps show a stanza id once, and ours is derived from the OutboundId.
  dedupe: 'native',
  typing: true,
  reactions: true,
  downloads: true,
  files: {
    // A document may have 2 GB; what is larger than this takes longer to upload than the gateway waits.
    maxBytes: 100_000_000,
    // https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages: captions have 1024 characters.
    captionLimit: 1024,
    // An album is several messages that name a first one, so a part of it can fail: each file goes by itself.
    perMessage: 1,
  },
  contacts: ['phone'],
  // Programs are linked devices like ours.
  botsUnmarked: true,
  // WhatsApp publishes no numbers; accounts that write faster than people get banned.
  rateLimits: { channel: { burst: 1, perSecond: 0.8 } },
};
