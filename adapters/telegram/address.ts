import { type ChatId, chatId } from '../../src/contract/index.ts';

/** Where a message goes: a chat, and the topic in it if it is a forum. */
export interface Address {
  readonly chat: number;
  readonly topic?: number;
}

/** `-100123`, or `-100123/77` for a topic: each topic is a chat of its own. */
export function toChatId({ chat, topic }: Address): ChatId {
  return chatId(topic === undefined ? `${chat}` : `${chat}/${topic}`);
}

export function toAddress(id: ChatId): Address {
  const [chat, topic] = id.split('/');
  return { chat: Number(chat), ...(topic !== undefined && { topic: Number(topic) }) };
}

/** As requests have it. */
export function target({ chat, topic }: Address): { chat_id: number; message_thread_id?: number } {
  return { chat_id: chat, ...(topic !== undefined && { message_thread_id: topic }) };
}
