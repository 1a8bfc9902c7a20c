import { ChannelError, type OutboundMessage, type SendReceipt } from '../../src/contract/index.ts';
import { refusedError } from './errors.ts';
import { decodeRef, encodeRef, stanzaIdOf } from './ids.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

type Answer = Extract<FromWorker, { type: 'sent' | 'refused' }>;

/** Messages that are on their way: each waits for the server's word, which the worker passes on. */
export function openCalls(tell: (message: ToWorker) => void) {
  const waiting = new Map<number, { resolve(): void; reject(error: ChannelError): void }>();
  let last = 0;

  return {
    async send({ id, chat, body, replyTo }: OutboundMessage, signal: AbortSignal): Promise<SendReceipt> {
      if (signal.aborted) throw new ChannelError('network', 'given up before it was sent', { certain: true });
      last += 1;
      const call = last;
      const stanzaId = stanzaIdOf(id);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const giveUp = () =>
        reject(new ChannelError('network', 'WhatsApp did not say whether it has the message'));
      waiting.set(call, { resolve, reject });
      signal.addEventListener('abort', giveUp, { once: true });
      tell({
        type: 'send',
        call,
        chat: chat.id,
        stanzaId,
        text: body.text,
        ...(replyTo && { quoted: decodeRef(replyTo) }),
      });
      try {
        await promise;
      } finally {
        waiting.delete(call);
        signal.removeEventListener('abort', giveUp);
      }
      return { platformId: encodeRef({ id: stanzaId, author: 'me' }) };
    },

    answer(message: Answer): void {
      const call = waiting.get(message.call);
      if (message.type === 'sent') call?.resolve();
      else if (message.code !== undefined) call?.reject(refusedError(message.code));
      else call?.reject(new ChannelError('network', `the message did not get through: ${message.reason}`));
    },

    failAll(): void {
      for (const { reject } of waiting.values())
        reject(new ChannelError('network', 'the connection to WhatsApp ended before it took the message'));
    },
  };
}
