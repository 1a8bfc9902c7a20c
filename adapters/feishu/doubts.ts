import { ChannelError, type OutboundId } from '../../src/contract/index.ts';

/** Feishu drops a second message with the same uuid for an hour; from here on we no longer rely on it. */
const WINDOW_MS = 55 * 60_000;
const MAX_REMEMBERED = 1000;

/**
 * Messages that may have arrived, since when. Feishu sees to it that they are not doubled, but only for an hour: what is
 * tried again later is held for a person, once. After a restart of the gateway nothing is remembered.
 */
export function createDoubts() {
  const since = new Map<OutboundId, number>();
  return {
    /** Runs an attempt to send. Rejects without one when its outcome might be a second message. */
    async attempt<T>(id: OutboundId, run: () => Promise<T>): Promise<T> {
      const first = since.get(id);
      const startedAt = Date.now();
      if (first !== undefined && startedAt - first > WINDOW_MS) {
        since.delete(id);
        throw new ChannelError('rejected', 'it may have arrived, and Feishu no longer notices a second one', {
          certain: false,
          hint: 'Look into the chat. If the message is not there, replay it; else discard it.',
        });
      }
      try {
        const result = await run();
        since.delete(id);
        return result;
      } catch (error) {
        if (first === undefined && !ChannelError.from(error).certain) since.set(id, startedAt);
        for (const oldest of [...since.keys()].slice(0, -MAX_REMEMBERED)) since.delete(oldest);
        throw error;
      }
    },
  };
}
