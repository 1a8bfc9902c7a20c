import { type InboundMessage, platformMessageId, type Sender, senderId } from '../../src/contract/index.ts';
import { toChatId } from './address.ts';
import { attachmentOf } from './attachments.ts';
import { type Bot, readCall } from './calls.ts';
import { type Message, type User, update } from './updates.ts';

/**
 * An update as an InboundMessage. Pure, given who the bot is (unknown before the first connection). Throws a ZodError
 * on what is not an update as Telegram documents it.
 */
export function normalize(raw: unknown, bot: Bot | undefined): InboundMessage | undefined {
  const { update_id, message } = update.parse(raw);
  if (message === undefined) return undefined;
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
    dedupeKey: `${update_id}`,
    chat: {
      id: toChatId({
        chat: chat.id,
        ...(message.is_topic_message && { topic: message.message_thread_id }),
      }),
      kind: direct ? 'direct' : 'group',
      ...(chat.title !== undefined && { title: chat.title }),
    },
    sender: senderOf(from),
    platformId: platformMessageId(`${message.message_id}`),
    sentAt: message.date * 1000,
    text,
    addressed: called || (bot !== undefined && replyTo?.sender?.id === `${bot.id}`),
    ...(replyTo !== undefined && { replyTo }),
    ...(attachment !== undefined && { attachments: [attachment] }),
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
