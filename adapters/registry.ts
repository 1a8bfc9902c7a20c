import type { ChannelType } from '../src/contract/index.ts';

/** The channels that a configuration can name. A new adapter adds its line here. */
export const channelTypes: Readonly<Record<string, () => Promise<ChannelType>>> = {
  telegram: async () => (await import('./telegram/index.ts')).telegram,
  webchat: async () => (await import('./webchat/index.ts')).webchat,
};
