import type { Api } from 'grammy';
import {
  type AdapterHost,
  errorText,
  type InboundBatch,
  type InboundMessage,
  type UnreadableEvent,
} from '../../src/contract/index.ts';
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
  await host.receive({ ...batchOf(updates, normalize), ...(cursor !== undefined && { cursor }) });
  for (const update of updates) settle(api, update, signal);
}

/** Updates as the gateway takes them; what cannot be read blocks nothing. */
function batchOf(updates: readonly Update[], normalize: Inlet['normalize']): InboundBatch {
  const messages: InboundMessage[] = [];
  const unreadable: UnreadableEvent[] = [];
  for (const update of updates) {
    try {
      const message = normalize(update);
      if (message !== undefined) messages.push(message);
    } catch (error) {
      const payload = JSON.stringify(update);
      unreadable.push({ dedupeKey: `${update.update_id}`, payload, error: errorText(error) });
    }
  }
  return { messages, unreadable };
}
