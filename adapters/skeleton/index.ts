import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';

/*
 * The smallest complete adapter. To connect a platform, copy this folder, put the platform in where Linechat is, run the
 * conformance suite over it (test/contract/), and add one line to adapters/registry.ts.
 *
 *   index.ts         its keys in the configuration, and the factory; loads nothing that is slow
 *   adapter.ts       its life: start, stop, and what happens to a message on its way in
 *   connection.ts    stands where the platform's SDK would be
 *   inbound.ts       platform event → InboundMessage
 *   outbound.ts      OutboundMessage → platform call; platform error → ChannelError
 *   format.ts        Markdown → what the platform shows
 *   capabilities.ts  what the platform can do, as data
 *
 * Linechat is made up: a TCP connection with a JSON object on each line.
 *
 *   we say                                               it says
 *   {"op":"hello","token":"…"}                           {"op":"welcome"} or {"op":"refused"}
 *   {"op":"ack","id":"m1"} or {"op":"nack","id":"m1"}    {"op":"message","id":"m1","chat":{…},"from":{…},"text":"Hi","at":0}
 *   {"op":"send","id":"o1","chat":"c1","text":"Hello"}   {"op":"sent","id":"o1","messageId":"m2"}
 *                                                        or {"op":"failed","id":"o1","reason":"too_fast","retryAfterMs":900}
 *
 * It offers a message again a while after a nack, and on every new connection until the ack.
 */

export interface SkeletonOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

export const skeleton: ChannelType<SkeletonOptions> = {
  options: z.strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('The address of the Linechat server.'),
    port: z.int().min(1).max(65_535).describe('Its port.'),
    token: z.string().min(1).describe('What the server knows us by.'),
  }),
  strangers: 'told',
  async create(options) {
    const { createSkeletonAdapter } = await import('./adapter.ts');
    return createSkeletonAdapter(options);
  },
};
