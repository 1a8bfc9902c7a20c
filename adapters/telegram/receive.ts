import type { Api } from 'grammy';
import { batchOf } from '../../src/adapter-kit/index.ts';
import type { AdapterHost, InboundMessage } from '../../src/contract/index.ts';
import { settle } from './choices.ts';

/** What every update has; the rest of it is for `normalize` to read. */
export interface Update {
  readonly update_id: number;
}

export interface Inlet {
  readonly api: Api;
  readonly host: AdapterHost;
  readonly normalize: (raw: unknown) => InboundMessage | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Resolves when all of it is on disk. Only then do those who have pressed a button see that it had an effect. */
export async function receive(inlet: Inlet, updates: readonly Update[], cursor?: string): Promise<void> {
  const { api, host, normalize, signal } = inlet;
  const batch = batchOf(updates, normalize, ({ update_id }) => `${update_id}`);
  await host.receive({ ...batch, ...(cursor !== undefined && { cursor }) });
  for (const update of updates) settle(api, host, update, signal);
}
