import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';

export interface TelegramOptions {
  /** The bot's token. A secret. */
  readonly token: string;
  /** Where the Bot API is, without a slash at the end. */
  readonly api_root: string;
  /** How long one request for news waits for them, in seconds. */
  readonly poll_timeout_seconds: number;
}

/** A bot on Telegram, by long polling: nothing needs to reach this machine from outside. */
export const telegram: ChannelType<TelegramOptions> = {
  options: z.strictObject({
    token: z.string().trim().min(1).describe('The token of the bot, from @BotFather.'),
    api_root: z
      .url({ protocol: /^https?$/ })
      .default('https://api.telegram.org')
      .transform((url) => url.replace(/\/+$/, ''))
      .describe('Where the Bot API is; change it for a Bot API server of your own.'),
    poll_timeout_seconds: z
      .int()
      .min(1)
      .max(50)
      .default(30)
      .describe('How many seconds one request for new messages waits for them.'),
  }),
  async create(options) {
    const { createTelegramAdapter } = await import('./adapter.ts');
    return createTelegramAdapter(options);
  },
};
