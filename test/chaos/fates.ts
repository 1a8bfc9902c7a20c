import { ChannelError } from '../../src/contract/index.ts';
import type { SendFault } from './plan.ts';

/** What becomes of an attempt to send. */
export interface Fate {
  readonly arrives: boolean;
  /** Thrown instead of a receipt. */
  readonly error?: () => Error;
  /** Neither receipt nor error ever comes. */
  readonly silence?: true;
  readonly slow?: true;
}

export const trouble =
  (kind: ConstructorParameters<typeof ChannelError>[0], certain: boolean, retryAfterMs?: number) => () =>
    new ChannelError(kind, `${kind} trouble`, {
      certain,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });

export const FATES: Readonly<Record<SendFault, Fate>> = {
  'refused now': { arrives: false, error: trouble('network', true) },
  'rate limited': { arrives: false, error: trouble('rate_limited', true, 7_000) },
  unavailable: { arrives: false, error: trouble('unavailable', true, 3_000) },
  rejected: { arrives: false, error: trouble('rejected', true) },
  credentials: { arrives: false, error: trouble('auth', true) },
  lost: { arrives: false, error: trouble('network', false) },
  'receipt lost': { arrives: true, error: trouble('network', false) },
  hangs: { arrives: false, silence: true },
  'arrives and hangs': { arrives: true, silence: true },
  slow: { arrives: true, slow: true },
  throws: { arrives: false, error: () => new TypeError('undefined is not a function') },
};
