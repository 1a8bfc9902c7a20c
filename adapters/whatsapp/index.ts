import { z } from 'zod';
import { type ChannelType, StartError } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';

export interface WhatsappOptions {
  readonly web_socket_url?: string | undefined;
  readonly pairing_phone_number?: string | undefined;
}

/** WhatsApp, as a linked device of a person's phone, through Baileys (an optional dependency with GPL-3.0 parts). */
export const whatsapp: ChannelType<WhatsappOptions> = {
  options: z.strictObject({
    web_socket_url: z
      .url({ protocol: /^wss?$/, error: 'must be an address such as wss://web.whatsapp.com/ws/chat' })
      .refine((url) => new URL(url).username === '', 'must not hold a user name or a password')
      .optional()
      .describe("Where WhatsApp's server listens; without it, the real one."),
    pairing_phone_number: z
      .string()
      .regex(/^\+?[1-9]\d{5,14}$/, 'must be a phone number such as "+15550100", in quotation marks')
      .optional()
      .describe(
        'The phone number of the account: log in by a code typed on the phone, instead of by a QR code.',
      ),
  }),
  strangers: 'silent',
  contacts: capabilities.contacts,
  async create(options) {
    requireBaileys();
    const { createWhatsappAdapter } = await import('./adapter.ts');
    return createWhatsappAdapter(options);
  },
  async probe(options, host) {
    requireBaileys();
    const { probe } = await import('./probe.ts');
    return probe(options, host);
  },
};

/** It is optional: npm leaves it out where it is not wanted, or cannot be installed. */
function requireBaileys(): void {
  try {
    import.meta.resolve?.('@whiskeysockets/baileys');
  } catch (cause) {
    throw new StartError('WhatsApp needs the package @whiskeysockets/baileys, which is not installed', {
      hint: 'run `npm install @whiskeysockets/baileys@7.0.0-rc14` beside the gateway, or disable the channel',
      cause,
    });
  }
}
