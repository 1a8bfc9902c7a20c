import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';

export interface SignalOptions {
  readonly http_url: string;
  readonly account: string;
}

/** Signal, through the HTTP daemon of signal-cli (https://github.com/AsamK/signal-cli), which is the device that writes. */
export const signal: ChannelType<SignalOptions> = {
  options: z.strictObject({
    http_url: z
      .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:8080' })
      .refine((url) => new URL(url).username === '', 'must not hold a user name or a password')
      .default('http://127.0.0.1:8080')
      .describe('Where the HTTP daemon of signal-cli listens.'),
    account: z
      .string()
      .regex(
        /^(?:\+[1-9]\d{5,14}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i,
        'must be a phone number such as "+15550100", in quotation marks, or an account id (UUID)',
      )
      .describe('The Signal account that the agent writes from: its phone number, or its account id (UUID).'),
  }),
  strangers: 'silent',
  contacts: capabilities.contacts,
  async create(options) {
    const { createSignalAdapter } = await import('./adapter.ts');
    return createSignalAdapter(options);
  },
  async probe(options, host) {
    const { probe } = await import('./probe.ts');
    return probe(options, host);
  },
};
