import { type Chat, type ChatId, chatId, type Sender, senderId } from '../../src/contract/index.ts';

/** A thread is a chat of its own: `oc_…:omt_…`. */
export function toChatId(chat: string, thread?: string): ChatId {
  return chatId(thread ? `${chat}:${thread}` : chat);
}

export function toChat(chat: string, thread: string | undefined, direct: boolean): Chat {
  return {
    id: toChatId(chat, thread),
    kind: direct ? 'direct' : 'group',
    ...(thread && { parent: toChatId(chat) }),
  };
}

export function fromChatId(id: ChatId): { chat: string; thread?: string } {
  const [chat = '', thread] = id.split(':');
  return thread === undefined ? { chat } : { chat, thread };
}

/** By an open_id, or an App ID. */
export function somebody(id: string, type: string): Sender {
  return { id: senderId(id), ...(type === 'app' && { bot: true }) };
}
