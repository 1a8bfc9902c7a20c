import type { Api } from 'grammy';
import type { ChatId } from '../../src/contract/index.ts';
import { toAddress } from './address.ts';
import { toSignal } from './client.ts';

/** Telegram shows it for five seconds: https://core.telegram.org/bots/api#sendchataction. */
const REPEAT_MS = 4_500;

/** Shows "typing" in a chat until `until` aborts. */
export function showTyping(api: Api, id: ChatId, until: AbortSignal): void {
  if (until.aborted) return;
  const { chat, topic } = toAddress(id);
  const show = () => {
    const thread = topic === undefined ? {} : { message_thread_id: topic };
    // Best effort: an answer that comes without it is still an answer.
    api.sendChatAction(chat, 'typing', thread, toSignal(until)).catch(() => {});
  };
  show();
  const repeating = setInterval(show, REPEAT_MS).unref();
  until.addEventListener('abort', () => clearInterval(repeating), { once: true });
}
