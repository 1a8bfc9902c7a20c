import type { ChannelType } from '../src/contract/index.ts';

/** The channels that a configuration can name. A new adapter adds its line here. */
export const channelTypes: Readonly<Record<string, () => Promise<ChannelType>>> = {
  discord: async () => (await import('./discord/index.ts')).discord,
  feishu: async () => (await import('./feishu/index.ts')).feishu,
  imessage: async () => (await import('./imessage/index.ts')).imessage,
  signal: async () => (await import('./signal/index.ts')).signal,
  slack: async () => (await import('./slack/index.ts')).slack,
  telegram: async () => (await import('./telegram/index.ts')).telegram,
  webchat: async () => (await import('./webchat/index.ts')).webchat,
  whatsapp: async () => (await import('./whatsapp/index.ts')).whatsapp,
};
