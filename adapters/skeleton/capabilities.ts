import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** What Linechat can do. Every number of a real platform names the page of its documentation that it comes from. */
export const capabilities: ChannelCapabilities = {
  textLimit: 2000,
  textUnit: 'utf16',
  // Linechat keeps the ids of what it accepted, and accepts each once.
  dedupe: 'native',
  // An adapter whose platform can show typing or a growing answer says so here, and has the method.
  typing: false,
  rateLimits: {
    channel: { burst: 5, perSecond: 5 },
    direct: { burst: 1, perSecond: 1 },
  },
};
