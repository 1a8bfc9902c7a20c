import { z } from 'zod';
import { StartError } from '../contract/index.ts';
import type { Gateway } from '../gateway/index.ts';
import type { ControlHandler } from '../server/index.ts';
import type { Totals } from '../telemetry/totals.ts';
import { handleOperation, operations } from './control-operations.ts';
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
  z.strictObject({ do: z.literal('reload') }),
  z.strictObject({ do: z.literal('dlq.discard'), filter, reason: z.string().min(1) }),
  ...operations,
]);

/** What became of `reload`: a line for each change, or why all stays as it was. */
export type Reloaded =
  | { readonly changes: readonly string[] }
  | { readonly refused: string; readonly hint?: string | undefined; readonly exitCode: number };

/** What commands reach. */
export interface ControlParts {
  readonly gateway: Gateway;
  readonly totals: Totals;
  /** Ends the process as a signal would. */
  stop(): void;
  /** See Reloading. */
  reload(): Promise<readonly string[]>;
}

/** What commands may ask of the running gateway. */
export function handleControl({ gateway, totals, stop, reload }: ControlParts): ControlHandler {
  return async (asked) => {
    const { data, error } = request.safeParse(asked);
    if (data === undefined) throw new Error(`the gateway cannot do this: ${z.prettifyError(error)}`);
    switch (data.do) {
      case 'status':
        return reportOn(gateway, totals);
      case 'stop':
        return stop();
      case 'reload':
        return reloaded(reload);
      case 'dlq.replay':
        return gateway.deadLetters.replay(data.filter);
      case 'dlq.discard':
        return gateway.deadLetters.discard(data.filter, data.reason);
      default:
        return handleOperation(data, gateway.operations);
    }
  };
}

async function reloaded(reload: ControlParts['reload']): Promise<Reloaded> {
  try {
    return { changes: await reload() };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const { message, hint, exitCode } = error;
    return { refused: message, hint, exitCode };
  }
}
