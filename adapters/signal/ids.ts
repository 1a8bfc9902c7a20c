import { type ChatId, chatId, type PlatformMessageId, platformMessageId } from '../../src/contract/index.ts';

const GROUP = 'group:';

/** A direct chat is known by the other person's id, a group by the id that Signal gives it. */
export const directChat = (person: string): ChatId => chatId(person);
export const groupChat = (groupId: string): ChatId => chatId(GROUP + groupId);

/** Whom a message goes to, in the words of signal-cli. */
export function recipientOf(chat: ChatId): { groupId: string } | { recipient: string[] } {
  return chat.startsWith(GROUP) ? { groupId: chat.slice(GROUP.length) } : { recipient: [chat] };
}

/** Signal knows a message by when it was sent (epoch milliseconds, its sender's clock) and by whom; `me` is our own account. */
export interface MessageRef {
  readonly timestamp: number;
  readonly author: string;
}

export function encodeRef({ timestamp, author }: MessageRef): PlatformMessageId {
  return platformMessageId(`${timestamp}:${author}`);
}

/** With `account` for `me`, as signal-cli needs it. */
export function decodeRef(id: PlatformMessageId, account: string): MessageRef {
  const end = id.indexOf(':');
  const author = id.slice(end + 1);
  return { timestamp: Number(id.slice(0, end)), author: author === 'me' ? account : author };
}
