import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';

export type TelegramOptions = z.infer<typeof options>;
export type WebhookOptions = z.infer<typeof webhook>;

/** Both are without a slash at the end. */
const address = (protocol: RegExp) =>
  z.url({ protocol, error: 'expected an address' }).transform((url) => url.replace(/\/+$/, ''));

const common = {
  token: z
    .string()
    .trim()
    .regex(/^\d+:\S+$/, 'must be the whole token that @BotFather gave, such as 123456789:AAF…')
    .describe('The token of the bot, from @BotFather.'),
  api_root: address(/^https?$/)
    .default('https://api.telegram.org')
    .describe('Where the Bot API is; change it for a Bot API server of your own.'),
};

const polling = z.strictObject({
  ...common,
  mode: z
    .literal('polling')
    .optional()
    .default('polling')
    .describe('How messages come: we ask for them; nothing needs to reach this machine from outside.'),
  poll_timeout_seconds: z
    .int()
    .min(1)
    .max(50)
    .default(30)
    .describe('How many seconds one request for new messages waits for them.'),
});

const webhook = z.strictObject({
  ...common,
  mode: z
    .literal('webhook')
    .describe('How messages come: Telegram calls <webhook_url>/channels/<channel>/webhook.'),
  webhook_url: address(/^https$/)
    .refine((url) => !/[?#@]/.test(url), 'must be a plain https:// address')
    .describe('The https:// address under which Telegram reaches the gateway; without /channels/….'),
  // https://core.telegram.org/bots/api#setwebhook: 1-256 characters; a short one could be guessed.
  secret_token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,256}$/, 'expected 16 to 256 characters of A-Z, a-z, 0-9, _ and -')
    .describe('A secret of your own, by which the gateway knows that it is Telegram who calls.'),
});

const options = z.discriminatedUnion('mode', [polling, webhook]);

/** A bot on Telegram. */
export const telegram: ChannelType<TelegramOptions> = {
  options,
  strangers: 'told',
  async create(options) {
    const { createTelegramAdapter } = await import('./adapter.ts');
    return createTelegramAdapter(options);
  },
  async probe(options, host) {
    const { probe } = await import('./probe.ts');
    return probe(options, host);
  },
};
