import {
  errorText,
  type InboundBatch,
  type InboundMessage,
  type UnreadableEvent,
} from '../contract/index.ts';

/**
 * What events say, as `host.receive` takes it. What `normalize` cannot read is kept for a person to look at, under the key
 * that `keyOf` tells, and blocks nothing. `payloadOf`: what is kept of it.
 */
export function batchOf<Event>(
  events: readonly Event[],
  normalize: (event: Event) => InboundMessage | undefined,
  keyOf: (event: Event, payload: string) => string,
  payloadOf: (event: Event) => string = (event) => JSON.stringify(event),
): { messages: InboundMessage[]; unreadable: UnreadableEvent[] } {
  const messages: InboundMessage[] = [];
  const unreadable: UnreadableEvent[] = [];
  for (const event of events) {
    try {
      const message = normalize(event);
      if (message !== undefined) messages.push(message);
    } catch (error) {
      const payload = payloadOf(event);
      unreadable.push({ dedupeKey: keyOf(event, payload), payload, error: errorText(error) });
    }
  }
  return { messages, unreadable } satisfies InboundBatch;
}
