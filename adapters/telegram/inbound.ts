import { type InboundMessage, platformMessageId } from '../../src/contract/index.ts';
import { attachmentOf } from './attachments.ts';
import { type Bot, readCall } from './calls.ts';
import { labelOf } from './choices.ts';
import { readReaction } from './reactions.ts';
import { type Message, type Press, type Reactions, update } from './updates.ts';
import { chatOf, senderOf, userOf } from './who.ts';

/**
 * An update as an InboundMessage. Pure, given who the bot is (unknown before the first connection). Throws a ZodError
 * on what is not an update as Telegram documents it.
 */
export function normalize(raw: unknown, bot: Bot | undefined): InboundMessage | undefined {
  const { update_id, message, edited_message, message_reaction, callback_query } = update.parse(raw);
  const dedupeKey = `${update_id}`;
  const read =
    (message && readMessage(dedupeKey, message, bot)) ??
    (edited_message && readEdit(dedupeKey, edited_message, bot)) ??
    (message_reaction && readReactions(dedupeKey, message_reaction)) ??
    (callback_query && readPress(dedupeKey, callback_query));
  return read?.sender.id === `${bot?.id}` ? undefined : read;
}

function readMessage(dedupeKey: string, message: Message, bot: Bot | undefined): InboundMessage | undefined {
  const { chat } = message;
  const sender = senderOf(message.from, message.sender_chat);
  // Posts of a channel, there and where it passes them on to its group, are said to nobody.
  if (sender === undefined || message.is_automatic_forward || chat.type === 'channel') return undefined;
  const words = message.text ?? message.caption;
  const attachment = attachmentOf(message);
  // A service message: somebody joined, something was pinned.
  if (words === undefined && attachment === undefined) return undefined;

  const direct = chat.type === 'private';
  const replyTo = replyOf(message);
  const entities = message.text === undefined ? message.caption_entities : message.entities;
  const { called, text } = readCall(words ?? '', entities, bot);
  const forwarded = message.forward_origin !== undefined || message.via_bot !== undefined;
  return {
    dedupeKey,
    chat: chatOf(message),
    sender,
    platformId: platformMessageId(`${message.message_id}`),
    sentAt: message.date * 1000,
    text,
    addressed: direct || called || (bot !== undefined && replyTo?.sender?.id === `${bot.id}`),
    ...(replyTo !== undefined && { replyTo }),
    ...(forwarded && { forwarded }),
    ...(attachment !== undefined && { attachments: [attachment] }),
    ...(message.media_group_id !== undefined && { album: message.media_group_id }),
  };
}

function readEdit(dedupeKey: string, edited: Message, bot: Bot | undefined): InboundMessage | undefined {
  // A live location is "edited" every few seconds, as its person moves.
  if (edited.location !== undefined) return undefined;
  const message = readMessage(dedupeKey, { ...edited, media_group_id: undefined }, bot);
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
  const { chat, message_id, date } = reactions;
  const sender = senderOf(reactions.user, reactions.actor_chat);
  const change = readReaction(reactions);
  if (sender === undefined || change === undefined) return undefined;
  const of = platformMessageId(`${message_id}`);
  return {
    dedupeKey,
    chat: chatOf({ chat }),
    sender,
    platformId: of,
    sentAt: date * 1000,
    text: change.text,
    addressed: chat.type === 'private',
    change: { kind: change.kind, of },
  };
}

/** Telegram tells no time of a press; that of the question is the nearest. */
function readPress(dedupeKey: string, press: Press): InboundMessage | undefined {
  const { from, message } = press;
  const label = labelOf(press);
  if (message === undefined || label === undefined) return undefined;
  const of = platformMessageId(`${message.message_id}`);
  return {
    dedupeKey,
    chat: chatOf(message),
    sender: userOf(from),
    platformId: of,
    sentAt: message.date * 1000,
    text: label,
    addressed: true,
    choice: { of },
  };
}

function replyOf({ reply_to_message: reply, quote }: Message): InboundMessage['replyTo'] {
  // In a topic, what answers nothing in particular answers the message that opened the topic.
  if (reply === undefined || reply.forum_topic_created !== undefined) return undefined;
  const sender = senderOf(reply.from, reply.sender_chat);
  const text = quote?.text ?? reply.text ?? reply.caption;
  return {
    platformId: platformMessageId(`${reply.message_id}`),
    ...(text !== undefined && { text }),
    ...(sender !== undefined && { sender }),
  };
}
