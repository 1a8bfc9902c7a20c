import { type ChatId, chatId } from '../../src/contract/index.ts';

/** Where a message stands on Slack: in a conversation (C…, D… or G…), or in the thread under one of its messages. */
export interface Place {
  readonly channel: string;
  /** The `ts` of the message that the thread is under. */
  readonly thread?: string | undefined;
}

export function toChatId({ channel, thread }: Place): ChatId {
  return chatId(thread === undefined ? channel : `${channel}:${thread}`);
}

export function placeOf(chat: string): Place {
  const [channel = '', thread] = chat.split(':');
  return { channel, thread };
}
