import { ChannelError, type Chat, type PlatformMessageId } from '../../src/contract/index.ts';
import type { Api, Content, Sent } from './api.ts';
import type { CardKit } from './cardkit.ts';
import { isGone } from './errors.ts';
import { fromChatId } from './names.ts';
import type { Watermarks } from './watermarks.ts';

/** What an attempt needs. */
export interface Attempt {
  readonly api: Api;
  readonly cards: CardKit;
  readonly marks: Watermarks;
  readonly signal: AbortSignal;
}

/**
 * Into the chat, as an answer if there is something to answer. By `uuid` Feishu knows a message that it has accepted within
 * the last hour: then that one is told, and nothing is sent.
 */
export async function deliver(
  { api, marks, signal }: Attempt,
  { chat: { id }, replyTo }: { readonly chat: Chat; readonly replyTo?: PlatformMessageId },
  content: Content,
  uuid: string,
): Promise<Sent> {
  const { chat, thread } = fromChatId(id);
  const inThread = thread !== undefined;
  // Into a thread leads only an answer to one of its messages.
  const targets = inThread ? [() => marks.get(id)?.last, () => api.lastOf(thread, signal)] : [];
  for (const find of [() => replyTo, ...targets]) {
    const target = await find();
    if (target === undefined) continue;
    try {
      return await api.reply(target, content, uuid, inThread, signal);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  if (inThread) throw new ChannelError('rejected', 'the thread is gone');
  return api.create(chat, content, uuid, signal);
}
