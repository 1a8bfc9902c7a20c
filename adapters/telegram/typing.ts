import type { Api } from 'grammy';
import type { ChatId } from '../../src/contract/index.ts';
import { target, toAddress } from './address.ts';
import { toSignal } from './client.ts';

/** Telegram shows it for five seconds: https://core.telegram.org/bots/api#sendchataction. */
const REPEAT_MS = 4_500;

/** Shows "typing" in a chat until `until` aborts. */
export function showTyping(api: Api, chat: ChatId, until: AbortSignal): void {
  if (until.aborted) return;
  const typing = { ...target(toAddress(chat)), action: 'typing' } as const;
  // Best effort: an answer that comes without it is still an answer.
  const show = () => void api.raw.sendChatAction(typing, toSignal(until)).catch(() => {});
  show();
  const repeating = setInterval(show, REPEAT_MS).unref();
  until.addEventListener('abort', () => clearInterval(repeating), { once: true });
}
