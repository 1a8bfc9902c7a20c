import type { Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { z } from 'zod';
import { toSignal } from './client.ts';
import { type Press, press } from './updates.ts';

/** Told to who presses a button that is no longer there; they would wait for an answer in vain. */
const TOO_LATE = 'This question is closed. Please write your answer as a message.';

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

/** If an update is a press: ends the sign of waiting on the button, and takes the buttons away. Best effort. */
export function settle(api: Api, update: unknown, signal: AbortSignal): void {
  const { data } = pressing.safeParse(update);
  if (data === undefined) return;
  const { id, message } = data.callback_query;
  const taken = labelOf(data.callback_query) !== undefined;
  const answer = { callback_query_id: id, ...(!taken && { text: TOO_LATE }) };
  api.raw.answerCallbackQuery(answer, toSignal(signal)).catch(() => {});
  if (!taken || message === undefined) return;
  const place = { chat_id: message.chat.id, message_id: message.message_id };
  api.raw.editMessageReplyMarkup(place, toSignal(signal)).catch(() => {});
}
