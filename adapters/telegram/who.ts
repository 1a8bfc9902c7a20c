import { type Chat, type Sender, senderId } from '../../src/contract/index.ts';
import { toChatId } from './address.ts';
import type { Message, Chat as TelegramChat, User } from './updates.ts';

/** Where it was said: in a chat, or in a topic of a forum. */
export function chatOf(message: Pick<Message, 'chat' | 'is_topic_message' | 'message_thread_id'>): Chat {
  const { id, type, title } = message.chat;
  const topic = message.is_topic_message ? message.message_thread_id : undefined;
  return {
    id: toChatId({ chat: id, ...(topic !== undefined && { topic }) }),
    kind: type === 'private' ? 'direct' : 'group',
    ...(topic !== undefined && { parent: toChatId({ chat: id }) }),
    ...(title !== undefined && { title }),
  };
}

/** Who speaks in the name of a group or channel is not to be known. */
export function senderOf(user: User | undefined, inNameOf: TelegramChat | undefined): Sender | undefined {
  if (inNameOf === undefined) return user && userOf(user);
  const { id, title } = inNameOf;
  return { id: senderId(`${id}`), ...(title !== undefined && { name: title }) };
}

export function userOf({ id, first_name, last_name, language_code, is_bot }: User): Sender {
  const name = [first_name, last_name].filter(Boolean).join(' ');
  return {
    id: senderId(`${id}`),
    name,
    ...(language_code !== undefined && { language: language_code }),
    ...(is_bot && { bot: true }),
  };
}
