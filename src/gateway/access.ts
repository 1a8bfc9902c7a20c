import type { InboundMessage } from '../contract/index.ts';
import type { AccessOptions } from './options.ts';

/** Why a message is not answered. Kept with it in the ledger. */
export type IgnoredReason =
  | 'noted'
  | 'too_late'
  | 'much_too_late'
  | 'from_bot'
  | 'loop'
  | 'too_many'
  | 'not_addressed'
  | 'sender_not_allowed'
  | 'direct_chats_disabled'
  | 'empty';

/**
 * Whether a message is for us, decided from its ids and flags alone, never from names or words.
 * Returns the reason to ignore it, or `undefined` to answer.
 */
export function reasonToIgnore(
  message: InboundMessage,
  access: AccessOptions,
  now: number,
): IgnoredReason | undefined {
  const allowed = access.allowFrom.includes(message.sender.id);
  const isChange = message.change !== undefined;
  if (message.sender.bot === true && !allowed) return 'from_bot';
  if (message.chat.kind === 'direct') {
    if (access.dmPolicy === 'disabled') return 'direct_chats_disabled';
    if (access.dmPolicy === 'allowlist' && !allowed) return 'sender_not_allowed';
  } else {
    if (!message.addressed && !isChange) return 'not_addressed';
    if (access.allowFrom.length > 0 && !allowed) return 'sender_not_allowed';
  }
  // A button is pressed now, however old its question is.
  const age = message.choice === undefined ? now - message.sentAt : 0;
  if (age > access.noteWithin) return 'much_too_late';
  // Not answered by itself: the agent hears of it with the next message of the chat.
  if (isChange) return 'noted';
  if (age > access.answerWithin) return 'too_late';
  if (message.text.trim() === '' && (message.attachments ?? []).length === 0) return 'empty';
  return undefined;
}
