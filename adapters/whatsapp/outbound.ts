import { oneEmoji, unlessAborted } from '../../src/adapter-kit/index.ts';
import {
  ChannelError,
  type Chat,
  type OutboundMessage,
  type PlatformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import { refusedError } from './errors.ts';
import { decodeRef, encodeRef, stanzaIdOf } from './ids.ts';
import type { FromWorker, MediaRef, Request, ToWorker } from './protocol.ts';

type Answer = Extract<FromWorker, { type: 'done' | 'refused' }>;

/** Requests that are on their way: each waits for the server's word, which the worker passes on. */
export function openCalls(tell: (message: ToWorker) => void) {
  const waiting = new Map<
    number,
    { resolve(found: string | undefined): void; reject(error: ChannelError): void }
  >();
  let last = 0;

  return {
    async send(
      { id, chat, body, replyTo, files }: OutboundMessage,
      signal: AbortSignal,
    ): Promise<SendReceipt> {
      const stanzaId = stanzaIdOf(id);
      await ask(
        {
          type: 'send',
          chat: chat.id,
          stanzaId,
          text: body.text,
          ...(files && { file: files[0] }),
          ...(replyTo && { quoted: decodeRef(replyTo) }),
        },
        signal,
      );
      return { platformId: encodeRef({ id: stanzaId, author: 'me' }) };
    },

    async react(chat: Chat, message: PlatformMessageId, emoji: string, signal: AbortSignal): Promise<void> {
      // Some emoji are shown in colour only with this mark behind them.
      const shown = oneEmoji(emoji);
      if (shown === undefined) throw new ChannelError('rejected', 'a reaction on WhatsApp is one emoji');
      const stanzaId = stanzaIdOf([chat.id, message, shown].join('/'));
      await ask({ type: 'react', chat: chat.id, stanzaId, emoji: shown, to: decodeRef(message) }, signal);
    },

    /** Where a file is; `anew`: after the phone has uploaded it once more. */
    async locate(media: MediaRef, anew: boolean, signal: AbortSignal): Promise<string> {
      return (await ask({ type: 'locate', media, anew }, signal)) ?? '';
    },

    /** The address with the number of somebody whose own hides it, if WhatsApp has told it. */
    async numberOf(lid: string, signal: AbortSignal): Promise<string | undefined> {
      return ask({ type: 'number', lid }, signal);
    },

    answer(message: Answer): void {
      const call = waiting.get(message.call);
      if (message.type === 'done') call?.resolve(message.found);
      else call?.reject(refusedError(message));
    },

    failAll(): void {
      for (const { reject } of waiting.values())
        reject(new ChannelError('network', 'the connection to WhatsApp ended before it answered'));
    },
  };

  async function ask(request: Request, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) throw new ChannelError('network', 'given up before it was asked', { certain: true });
    last += 1;
    const call = last;
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
    const lost = () => new ChannelError('network', 'WhatsApp did not say whether it has this');
    waiting.set(call, { resolve, reject });
    tell({ type: 'request', call, request });
    return unlessAborted(promise, signal, lost).finally(() => waiting.delete(call));
  }
}
