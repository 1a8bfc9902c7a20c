import type { Far } from './far.ts';

export type { Far, Place, Told } from './far.ts';

/** Every platform; a fake is loaded only when it is asked for. */
export const platforms: Readonly<Record<string, () => Promise<Far>>> = {
  discord: async () => (await import('./discord.ts')).discord(),
  feishu: async () => (await import('./feishu.ts')).feishu(),
  imessage: async () => (await import('./imessage.ts')).imessage(),
  signal: async () => (await import('./signal.ts')).signal(),
  slack: async () => (await import('./slack.ts')).slack(),
  telegram: async () => (await import('./telegram.ts')).telegram(),
  webchat: async () => (await import('./webchat.ts')).webchat(),
  whatsapp: async () => (await import('./whatsapp.ts')).whatsapp(),
};

/** All of them at once. */
export async function every(): Promise<AsyncDisposable & { readonly fars: readonly Far[] }> {
  const fars = await Promise.all(Object.values(platforms).map((platform) => platform()));
  return {
    fars,
    async [Symbol.asyncDispose]() {
      await Promise.all(fars.map((far) => far[Symbol.asyncDispose]()));
    },
  };
}
