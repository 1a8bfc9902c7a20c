import type { ChannelCapabilities } from '../../src/contract/index.ts';

export const capabilities: ChannelCapabilities = {
  // WhatsApp takes far longer texts; its apps fold what exceeds a few thousand characters behind "Read more".
  textLimit: 4000,
  textUnit: 'utf16',
  // The recipients' apps show a stanza id once, and ours is derived from the OutboundId.
  dedupe: 'native',
  typing: true,
  // WhatsApp publishes no numbers; accounts that write faster than people get banned.
  rateLimits: { channel: { burst: 1, perSecond: 0.8 } },
};
