import { type Chat, chatId, type Sender, senderId } from '../../src/contract/index.ts';
import type * as wire from './wire.ts';

interface Where {
  channel_id: string;
  guild_id?: string | undefined;
}

/** A thread is a channel of its own, and so a chat of its own. */
export function chatOf({ channel_id, guild_id }: Where, parent: string | undefined): Chat {
  return {
    id: chatId(channel_id),
    kind: guild_id === undefined ? 'direct' : 'group',
    ...(parent !== undefined && { parent: chatId(parent) }),
  };
}

export function senderOf({ id, username, global_name, bot }: wire.User, nick?: string | null): Sender {
  return { id: senderId(id), name: nick || global_name || username, ...(bot && { bot }) };
}
