import { z } from 'zod';
import type { Gateway } from '../gateway/index.ts';
import type { ControlHandler } from '../server/index.ts';
import type { Totals } from '../telemetry/totals.ts';
import { reportOn } from './report.ts';

const filter = z.strictObject({
  ids: z.array(z.string()).optional(),
  channel: z.string().optional(),
  direction: z.enum(['in', 'out']).optional(),
  kind: z.enum(['refused', 'exhausted', 'held', 'expired', 'failed', 'unreadable']).optional(),
});

const request = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('dlq.replay'), filter }),
  z.strictObject({ do: z.literal('status') }),
  z.strictObject({ do: z.literal('stop') }),
  z.strictObject({ do: z.literal('dlq.discard'), filter, reason: z.string().min(1) }),
]);

/** What commands may ask of the running gateway; `stop` ends it as a signal would. */
export function handleControl(gateway: Gateway, totals: Totals, stop: () => void): ControlHandler {
  return async (asked) => {
    const { data, error } = request.safeParse(asked);
    if (data === undefined) throw new Error(`the gateway cannot do this: ${z.prettifyError(error)}`);
    switch (data.do) {
      case 'status':
        return reportOn(gateway, totals);
      case 'stop':
        return stop();
      case 'dlq.replay':
        return gateway.deadLetters.replay(data.filter);
      case 'dlq.discard':
        return gateway.deadLetters.discard(data.filter, data.reason);
    }
  };
}
