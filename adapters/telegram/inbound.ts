import {
  type Chat,
  type InboundMessage,
  platformMessageId,
  type Sender,
  senderId,
} from '../../src/contract/index.ts';
import { toChatId } from './address.ts';
import { attachmentOf } from './attachments.ts';
import { type Bot, readCall } from './calls.ts';
import { readReaction } from './reactions.ts';
import { type Message, type Reactions, type Chat as TelegramChat, type User, update } from './updates.ts';

/**
 * An update as an InboundMessage. Pure, given who the bot is (unknown before the first connection). Throws a ZodError
 * on what is not an update as Telegram documents it.
 */
export function normalize(raw: unknown, bot: Bot | undefined): InboundMessage | undefined {
  const { update_id, message, edited_message: edited, message_reaction: reactions } = update.parse(raw);
  const dedupeKey = `${update_id}`;
  if (message !== undefined) return readMessage(dedupeKey, message, bot);
  if (edited !== undefined) return readEdit(dedupeKey, edited, bot);
  return reactions && readReactions(dedupeKey, reactions);
}

function readMessage(dedupeKey: string, message: Message, bot: Bot | undefined): InboundMessage | undefined {
  const { from, chat } = message;
  // Other bots, people who write in the name of a group or channel, and posts that a channel passes on to its group.
  if (from === undefined || from.is_bot || message.is_automatic_forward || chat.type === 'channel')
    return undefined;
  const words = message.text ?? message.caption;
  const attachment = attachmentOf(message);
  // A service message: somebody joined, something was pinned.
  if (words === undefined && attachment === undefined) return undefined;

  const direct = chat.type === 'private';
  const replyTo = replyOf(message);
  const entities = message.text === undefined ? message.caption_entities : message.entities;
  const { called, text } = direct
    ? { called: true, text: words ?? '' }
    : readCall(words ?? '', entities, bot);
  return {
    dedupeKey,
    chat: chatOf(chat, message.is_topic_message ? message.message_thread_id : undefined),
    sender: senderOf(from),
    platformId: platformMessageId(`${message.message_id}`),
    sentAt: message.date * 1000,
    text,
    addressed: called || (bot !== undefined && replyTo?.sender?.id === `${bot.id}`),
    ...(replyTo !== undefined && { replyTo }),
    ...(attachment !== undefined && { attachments: [attachment] }),
  };
}

function readEdit(dedupeKey: string, edited: Message, bot: Bot | undefined): InboundMessage | undefined {
  // A live location is "edited" every few seconds, as its person moves.
  if (edited.location !== undefined) return undefined;
  const message = readMessage(dedupeKey, edited, bot);
  return (
    message && {
      ...message,
      sentAt: (edited.edit_date ?? edited.date) * 1000,
      change: { kind: 'edit', of: message.platformId },
    }
  );
}

/** Telegram does not tell the topic of the message reacted to: all reactions in a forum count as in its main chat. */
function readReactions(dedupeKey: string, reactions: Reactions): InboundMessage | undefined {
  const { user, chat, message_id, date } = reactions;
  const change = readReaction(reactions);
  if (user === undefined || user.is_bot || change === undefined) return undefined;
  const of = platformMessageId(`${message_id}`);
  return {
    dedupeKey,
    chat: chatOf(chat, undefined),
    sender: senderOf(user),
    platformId: of,
    sentAt: date * 1000,
    text: change.text,
    addressed: chat.type === 'private',
    change: { kind: change.kind, of },
  };
}

function chatOf({ id, type, title }: TelegramChat, topic: number | undefined): Chat {
  return {
    id: toChatId({ chat: id, ...(topic !== undefined && { topic }) }),
    kind: type === 'private' ? 'direct' : 'group',
    ...(title !== undefined && { title }),
  };
}

function replyOf({ reply_to_message: reply, quote }: Message): InboundMessage['replyTo'] {
  // In a topic, what answers nothing in particular answers the message that opened the topic.
  if (reply === undefined || reply.forum_topic_created !== undefined) return undefined;
  const text = quote?.text ?? reply.text ?? reply.caption;
  return {
    platformId: platformMessageId(`${reply.message_id}`),
    ...(text !== undefined && { text }),
    ...(reply.from !== undefined && { sender: senderOf(reply.from) }),
  };
}

function senderOf(user: User): Sender {
  return { id: senderId(`${user.id}`), name: [user.first_name, user.last_name].filter(Boolean).join(' ') };
}
