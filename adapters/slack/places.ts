import { type Chat, type ChatId, chatId } from '../../src/contract/index.ts';
import type { Where } from './events.ts';

/** Where a message stands on Slack: in a conversation (C…, D… or G…), or in the thread under one of its messages. */
export interface Place {
  readonly channel: string;
  /** The `ts` of the message that the thread is under. */
  readonly thread?: string | undefined;
}

export function toChatId({ channel, thread }: Place): ChatId {
  return chatId(thread === undefined ? channel : `${channel}:${thread}`);
}

export function toChat({ channel, channel_type, thread }: Place & Where): Chat {
  return {
    id: toChatId({ channel, thread }),
    kind: isDirect({ channel, channel_type }) ? 'direct' : 'group',
    ...(thread !== undefined && { parent: toChatId({ channel }) }),
  };
}

/** Whether it is the `ts` of a message: what somebody commanded has none. */
export function isTs(id: string): boolean {
  return /^\d{9,}\.\d{1,9}$/.test(id);
}

/** The events of mentions and reactions don't tell the type; direct chats begin with a D. */
export function isDirect({ channel, channel_type }: Where): boolean {
  return channel_type === undefined ? channel.startsWith('D') : channel_type === 'im';
}

export function placeOf(chat: string): Place {
  const [channel = '', thread] = chat.split(':');
  return { channel, thread };
}
