import { oneEmoji } from '../../src/adapter-kit/index.ts';
import { ChannelError, type Chat, type PlatformMessageId } from '../../src/contract/index.ts';
import type { Daemon } from './daemon.ts';
import { decodeRef, recipientOf } from './ids.ts';
import type { SignalOptions } from './index.ts';

/** Signal takes any one emoji, and a person's later reaction to a message replaces the earlier one. */
export async function react(
  daemon: Daemon,
  { account }: SignalOptions,
  chat: Chat,
  message: PlatformMessageId,
  emoji: string,
  signal: AbortSignal,
): Promise<void> {
  const { timestamp, author } = decodeRef(message, account);
  // Signal's apps show nothing for `❤` without the sign that makes a picture of it.
  const whole = oneEmoji(emoji);
  if (whole === undefined)
    throw new ChannelError('rejected', 'Signal takes nothing but one emoji as a reaction');
  if (!(timestamp > 0) || author === '')
    throw new ChannelError('rejected', 'nobody knows who wrote that message');
  await daemon.call(
    'sendReaction',
    { ...recipientOf(chat.id), emoji: whole, targetAuthor: author, targetTimestamp: timestamp },
    signal,
  );
}
