import type { Api } from 'grammy';
import { showUntil } from '../../src/adapter-kit/index.ts';
import type { ChatId } from '../../src/contract/index.ts';
import { target, toAddress } from './address.ts';
import { toSignal } from './client.ts';

/** Telegram shows it for five seconds: https://core.telegram.org/bots/api#sendchataction. */
const REPEAT_MS = 4_500;

/** Shows "typing" in a chat until `until` aborts. */
export function showTyping(api: Api, chat: ChatId, until: AbortSignal): void {
  const typing = { ...target(toAddress(chat)), action: 'typing' } as const;
  showUntil(until, REPEAT_MS, () => api.raw.sendChatAction(typing, toSignal(until)));
}
