import { z } from 'zod';
import { serverOfOurs } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';

/*
 * The password is in the address of every request. So no error names an address, and none carries what `fetch` threw.
 */

export const BLUEBUBBLES = serverOfOurs(
  'the BlueBubbles server',
  'Check that the Mac is awake, that BlueBubbles runs on it, and `server_url`.',
);

const refusal = z.object({
  message: z.string().catch(''),
  error: z.object({ message: z.string().catch('') }).catch({ message: '' }),
  data: z.object({ error: z.int() }).optional().catch(undefined),
});

/** Apple's code for "this address is not on iMessage". */
const NOT_ON_IMESSAGE = 22;

/** An answer that is none of success: packages/server/src/server/api/http/api/v1/responses/errors.ts of BlueBubbles. */
export function fromAnswer(status: number, body: unknown): ChannelError {
  if (status === 401 || status === 403) {
    return new ChannelError('auth', `the BlueBubbles server refuses the password (HTTP ${status})`, {
      hint: 'Put the password of the BlueBubbles server (its window, "Server password") into `password`, then restart the channel.',
    });
  }
  const { message, error, data } = refusal.safeParse(body).data ?? { message: '', error: { message: '' } };
  const said = [message, error.message].filter((part) => part !== '').join(': ');
  const text = `the BlueBubbles server says: ${said || 'nothing'} (HTTP ${status})`.slice(0, 300);
  if (data !== undefined && data.error !== 0) return notDelivered(data.error);
  if (said.includes('Private API')) {
    return new ChannelError('unavailable', text, {
      certain: true,
      hint: 'The Private API of BlueBubbles is enabled but not connected: see its window, "Private API".',
    });
  }
  // The attempt before is still under way; nobody knows yet how it ends.
  if (status === 400 && said.includes('already queued')) return new ChannelError('unavailable', text);
  if (status === 429) return new ChannelError('rate_limited', text, { retryAfterMs: 10_000 });
  if (status >= 500) return new ChannelError('unavailable', text);
  if (status >= 400) return new ChannelError('rejected', text);
  return new ChannelError('auth', `no BlueBubbles server at this address (HTTP ${status})`, {
    hint: 'Check `server_url`: it must lead to the server itself, without a redirect.',
  });
}

/** Messages on the Mac marked the message as not delivered, with a code of Apple's. */
export function notDelivered(code: number): ChannelError {
  if (code === NOT_ON_IMESSAGE) {
    return new ChannelError('rejected', 'the recipient is not on iMessage (Apple error 22)');
  }
  return new ChannelError('unavailable', `Messages could not deliver it (Apple error ${code})`, {
    certain: true,
    hint: 'Look at the message in the Messages app of the Mac.',
  });
}
