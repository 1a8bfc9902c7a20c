import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';

export type FeishuOptions = z.infer<typeof options>;

const domain = z
  .union([z.enum(['feishu', 'lark']), z.url({ protocol: /^https?$/ }).refine(isPrivate)], {
    error: 'expected feishu, lark, or an https:// address (http:// only for this machine)',
  })
  .default('feishu')
  .describe('Which platform: feishu (China), lark (everywhere else), or the address of a private one.');

const secret = (what: string) => z.string().min(16, `${what} has at least 16 characters`);

const common = {
  app_id: z
    .string()
    .regex(/^cli_[0-9a-f]{16}$/i, 'expected cli_ and 16 characters of 0-9a-f')
    .describe('The App ID, from "Credentials & Basic Info" in the developer console.'),
  app_secret: z.string().min(1).describe('The App Secret, from the same page.'),
  domain,
};

const websocket = z.strictObject({
  ...common,
  mode: z
    .literal('websocket')
    .optional()
    .default('websocket')
    .describe('How events come: over a connection that we open; needs no public address.'),
});

const webhook = z.strictObject({
  ...common,
  mode: z
    .literal('webhook')
    .describe('How events come: Feishu calls https://<your address>/channels/<channel>/webhook.'),
  encrypt_key: secret('the Encrypt Key').describe(
    'The Encrypt Key, from "Events & Callbacks", "Encryption Strategy".',
  ),
  verification_token: secret('the Verification Token').describe(
    'The Verification Token, from the same page.',
  ),
});

const options = z.discriminatedUnion('mode', [websocket, webhook]);

/** Feishu (飞书), and Lark, its twin outside of China. */
export const feishu: ChannelType<FeishuOptions> = {
  options,
  strangers: 'told',
  contacts: capabilities.contacts,
  async create(options) {
    const { createFeishuAdapter } = await import('./adapter.ts');
    return createFeishuAdapter(options);
  },
  async probe(options, host) {
    const { probe } = await import('./probe.ts');
    return probe(options, host);
  },
};

/** The app secret goes there: in the clear only if it does not leave this machine. */
function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
