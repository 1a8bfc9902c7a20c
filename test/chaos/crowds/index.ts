import type { Crowd } from './crowd.ts';

export { type Crowd, PEOPLE } from './crowd.ts';

/** Every platform that the daemon speaks with; a fake is loaded only when it is asked for. */
export const crowds: Readonly<Record<string, () => Promise<Crowd>>> = {
  discord: async () => (await import('./discord.ts')).discord(),
  feishu: async () => (await import('./feishu.ts')).feishu(),
  imessage: async () => (await import('./imessage.ts')).imessage(),
  signal: async () => (await import('./signal.ts')).signal(),
  slack: async () => (await import('./slack.ts')).slack(),
  telegram: async () => (await import('./telegram.ts')).telegram(),
  webchat: async () => (await import('./webchat.ts')).webchat(),
  whatsapp: async () => (await import('./whatsapp.ts')).whatsapp(),
};
