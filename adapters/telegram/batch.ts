import {
  errorText,
  type InboundBatch,
  type InboundMessage,
  type UnreadableEvent,
} from '../../src/contract/index.ts';

/** What every update has; the rest of it is for `normalize` to read. */
export interface Update {
  readonly update_id: number;
}

export type Normalize = (raw: unknown) => InboundMessage | undefined;

/** Updates as the gateway takes them; what cannot be read blocks nothing. */
export function batchOf(
  updates: readonly Update[],
  normalize: Normalize,
): Pick<Required<InboundBatch>, 'messages' | 'unreadable'> {
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
