import { z } from 'zod';
import type { Gateway } from '../gateway/index.ts';
import type { ControlHandler } from '../server/index.ts';

const filter = z.strictObject({
  ids: z.array(z.string()).optional(),
  channel: z.string().optional(),
  direction: z.enum(['in', 'out']).optional(),
  kind: z.enum(['refused', 'exhausted', 'held', 'expired', 'failed', 'unreadable']).optional(),
});

const request = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('dlq.replay'), filter }),
  z.strictObject({ do: z.literal('dlq.discard'), filter, reason: z.string().min(1) }),
]);

/** What commands may ask of the running gateway. */
export function handleControl(gateway: Gateway): ControlHandler {
  return async (asked) => {
    const { data, error } = request.safeParse(asked);
    if (data === undefined) throw new Error(`the gateway cannot do this: ${z.prettifyError(error)}`);
    const { ids, channel, direction, kind } = data.filter;
    const letters = {
      ...(ids && { ids }),
      ...(channel && { channel }),
      ...(direction && { direction }),
      ...(kind && { kind }),
    };
    switch (data.do) {
      case 'dlq.replay':
        return gateway.deadLetters.replay(letters);
      case 'dlq.discard':
        return gateway.deadLetters.discard(letters, data.reason);
    }
  };
}
