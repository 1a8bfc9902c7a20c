import type { Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { z } from 'zod';
import type { AdapterHost } from '../../src/contract/index.ts';
import { textsIn } from '../../src/texts/index.ts';
import { toSignal } from './client.ts';
import { type Press, press } from './updates.ts';
import { userOf } from './who.ts';

/** One button below the other. A button's data has room for 64 bytes, so it is the number of its label. */
export function keyboard(labels: readonly string[]): InlineKeyboardMarkup {
  return { inline_keyboard: labels.map((text, index) => [{ text, callback_data: `${index}` }]) };
}

/** What the pressed button says; undefined when the message is too old to be known, or its buttons are gone. */
export function labelOf({ data, message }: Press): string | undefined {
  const buttons = message?.reply_markup?.inline_keyboard.flat() ?? [];
  return buttons.find(({ callback_data }) => callback_data === data)?.text;
}

const pressing = z.object({ callback_query: press });

/**
 * If an update is a press: ends the sign of waiting on the button, and takes the buttons away, or tells who pressed a button
 * that is no longer there. Best effort.
 */
export function settle(api: Api, host: AdapterHost, update: unknown, signal: AbortSignal): void {
  const { data } = pressing.safeParse(update);
  if (data === undefined) return;
  const { id, from, message } = data.callback_query;
  const taken = labelOf(data.callback_query) !== undefined;
  const { questionClosed } = textsIn(host.languageOf(userOf(from))).chat;
  const answer = { callback_query_id: id, ...(!taken && { text: questionClosed }) };
  api.raw.answerCallbackQuery(answer, toSignal(signal)).catch(() => {});
  if (!taken || message === undefined) return;
  const place = { chat_id: message.chat.id, message_id: message.message_id };
  api.raw.editMessageReplyMarkup(place, toSignal(signal)).catch(() => {});
}
