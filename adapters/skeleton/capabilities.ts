import type { ChannelCapabilities } from '../../src/contract/index.ts';

/** What Linechat can do. Every number of a real platform names the page of its documentation that it comes from. */
export const capabilities: ChannelCapabilities = {
  textLimit: 2000,
  textUnit: 'utf16',
  // Linechat keeps the ids of what it accepted, and accepts each once.
  dedupe: 'native',
  // What a platform can beyond this (reactions, files, buttons, a growing answer) is said here too, and then the adapter
  // has the method for it. Linechat shows none of that, and no typing.
  typing: false,
  rateLimits: {
    channel: { burst: 5, perSecond: 5 },
    direct: { burst: 1, perSecond: 1 },
  },
};
