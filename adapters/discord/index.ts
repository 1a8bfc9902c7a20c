import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';

export interface DiscordOptions {
  readonly token: string;
  readonly api_url: string;
}

/** A Discord bot: direct messages, servers and their threads. */
export const discord: ChannelType<DiscordOptions> = {
  options: z.strictObject({
    token: z
      .string()
      .trim()
      .min(1)
      .describe("The bot's token, from the Bot page of https://discord.com/developers/applications."),
    api_url: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .default('https://discord.com/api')
      .describe("Where Discord's REST API is. Only a proxy or a test changes it."),
  }),
  strangers: 'told',
  async create(options) {
    const { createDiscordAdapter } = await import('./adapter.ts');
    return createDiscordAdapter(options);
  },
  async probe(options, host) {
    const { probe } = await import('./probe.ts');
    return probe(options, host);
  },
};
