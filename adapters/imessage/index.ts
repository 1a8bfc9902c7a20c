import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';

export interface IMessageOptions {
  readonly server_url: string;
  readonly password: string;
  /** Milliseconds. */
  readonly poll_interval: number;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** As everywhere in the configuration: `500ms`, `2s`, or a number of seconds. */
const interval = z
  .union([z.number(), z.string()])
  .default('2s')
  .transform((written, context) => {
    const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(ms|s|m)?$/.exec(String(written)) ?? [];
    const ms = Number(amount) * (UNITS[unit ?? 's'] ?? 0);
    if (ms >= 10 && ms <= 3_600_000) return ms;
    context.addIssue({ code: 'custom', message: 'must be a duration such as 500ms, 2s or 1m, up to 60m' });
    return z.NEVER;
  });

/** iMessage, through a BlueBubbles server (https://bluebubbles.app) on a Mac. */
export const imessage: ChannelType<IMessageOptions> = {
  options: z.strictObject({
    server_url: z
      .url({ protocol: /^https?$/, error: 'must be an address such as http://192.168.1.20:1234' })
      .refine((url) => new URL(url).username === '', 'must not hold a user name or a password')
      .default('http://127.0.0.1:1234')
      .describe('Where the BlueBubbles server listens: "Server address" in its window.'),
    password: z.string().min(1).describe('The password of the BlueBubbles server.'),
    poll_interval: interval.describe('How often to ask the server for new messages.'),
  }),
  strangers: 'silent',
  contacts: capabilities.contacts,
  async create(options) {
    const { createIMessageAdapter } = await import('./adapter.ts');
    return createIMessageAdapter(options);
  },
  async probe(options, host) {
    const { probe } = await import('./probe.ts');
    return probe(options, host);
  },
};
