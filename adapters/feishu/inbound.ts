import { z } from 'zod';
import {
  type Chat,
  type ChatId,
  chatId,
  type InboundMessage,
  platformMessageId,
  senderId,
} from '../../src/contract/index.ts';
import { readContent } from './content.ts';
import { type Envelope, envelope, type Item, type Known, known } from './items.ts';
import { emojiOf } from './reactions.ts';

/** A thread is a chat of its own: `oc_…:omt_…`. */
export function toChatId(chat: string, thread?: string): ChatId {
  return chatId(thread ? `${chat}:${thread}` : chat);
}

export function fromChatId(id: ChatId): { chat: string; thread?: string } {
  const [chat = '', thread] = id.split(':');
  return thread === undefined ? { chat } : { chat, thread };
}

const said = z.object({
  sender: z.object({ sender_id: z.object({ open_id: z.string().min(1) }), sender_type: z.literal('user') }),
  message: z.object({
    message_id: z.string().min(1),
    parent_id: z.string().optional(),
    thread_id: z.string().optional(),
    create_time: z.coerce.number(),
    chat_id: z.string().min(1),
    chat_type: z.string(),
    message_type: z.string(),
    content: z.string(),
    mentions: z
      .array(
        z.object({
          key: z.string(),
          id: z.object({ open_id: z.string().nullish().transform(orUndefined) }),
          name: z.string(),
        }),
      )
      .default([]),
  }),
});
const byPerson = z.object({ sender: z.object({ sender_type: z.literal('user') }) });

const reacted = z.object({
  message_id: z.string().min(1),
  reaction_type: z.object({ emoji_type: z.string() }),
  user_id: z.object({ open_id: z.string().min(1) }),
  action_time: z.coerce.number(),
});

const recalled = z.object({ message_id: z.string().min(1), recall_time: z.coerce.number() });

const withKnown = envelope.extend({ known: known.default({}) });

/**
 * An event, together with what we had to ask Feishu about it (`known`). Not for us: what the bot itself or another bot
 * says, and all other kinds of events. Throws on what should be a message and cannot be read.
 */
export function normalize(raw: unknown): InboundMessage | undefined {
  const { data } = withKnown.safeParse(raw);
  switch (data?.header.event_type) {
    case 'im.message.receive_v1':
      return byPerson.safeParse(data.event).success ? newMessage(data, data.known) : undefined;
    case 'im.message.reaction.created_v1':
      return data.event.operator_type === 'user' ? reaction(data, data.known, 'reaction') : undefined;
    case 'im.message.reaction.deleted_v1':
      return data.event.operator_type === 'user' ? reaction(data, data.known, 'reaction_removed') : undefined;
    case 'im.message.recalled_v1':
      return deletion(data, data.known);
    default:
      return undefined;
  }
}

function newMessage({ event, header }: Envelope, { bot, parent }: Known): InboundMessage {
  const { sender, message } = said.parse(event);
  const { mentions, chat_id, thread_id, message_id } = message;
  const direct = message.chat_type === 'p2p';
  const { text, attachments } = readContent(message, mentions, bot);
  const isMentioned = bot !== undefined && mentions.some(({ id }) => id.open_id === bot);
  return {
    // Feishu pushes an event again under the same event_id; the history knows only the message's own id.
    dedupeKey: message_id,
    chat: { id: toChatId(chat_id, thread_id), kind: direct ? 'direct' : 'group' },
    sender: { id: senderId(sender.sender_id.open_id) },
    platformId: platformMessageId(message_id),
    sentAt: message.create_time,
    text,
    addressed: direct || isMentioned || parent?.sender.id === header.app_id,
    ...(message.parent_id && { replyTo: quoted(message.parent_id, parent, bot) }),
    ...(attachments.length > 0 && { attachments }),
  };
}

function quoted(id: string, parent: Item | undefined, bot: string | undefined): InboundMessage['replyTo'] {
  return {
    platformId: platformMessageId(id),
    ...(parent && { sender: { id: senderId(parent.sender.id) }, ...textOf(parent, bot) }),
  };
}

/** What others said in a format that we do not know is not worth losing the answer to it. */
function textOf({ body, msg_type, mentions, ...parent }: Item, bot: string | undefined): { text?: string } {
  try {
    const message = { ...parent, message_type: msg_type, content: body?.content ?? '' };
    const { text } = readContent(
      message,
      mentions.map((mention) => ({ ...mention, id: { open_id: mention.id } })),
      bot,
    );
    return text === '' ? {} : { text };
  } catch {
    return {};
  }
}

function reaction(
  { event, header }: Envelope,
  known: Known,
  kind: 'reaction' | 'reaction_removed',
): InboundMessage {
  const { message_id, reaction_type, user_id, action_time } = reacted.parse(event);
  return {
    ...changeOf(message_id, kind, known),
    dedupeKey: header.event_id,
    sender: { id: senderId(user_id.open_id) },
    sentAt: action_time,
    text: emojiOf(reaction_type.emoji_type),
  };
}

function deletion({ event }: Envelope, known: Known): InboundMessage | undefined {
  const { message_id, recall_time } = recalled.parse(event);
  const author = known.about?.sender;
  if (author !== undefined && author.sender_type !== 'user') return undefined;
  return {
    ...changeOf(message_id, 'deletion', known),
    dedupeKey: `recalled:${message_id}`,
    sender: { id: senderId(author?.id ?? '') },
    sentAt: recall_time,
    text: '',
  };
}

type Change = NonNullable<InboundMessage['change']>;

/** These events tell neither the chat nor whose message it was. */
function changeOf(
  message: string,
  kind: Change['kind'],
  { about, direct }: Known,
): { chat: Chat; platformId: InboundMessage['platformId']; addressed: boolean; change: Change } {
  if (about === undefined || direct === undefined) {
    throw new Error('Feishu does not tell us which message this is about');
  }
  const platformId = platformMessageId(message);
  return {
    chat: { id: toChatId(about.chat_id, about.thread_id), kind: direct ? 'direct' : 'group' },
    platformId,
    addressed: direct,
    change: { kind, of: platformId },
  };
}

function orUndefined(value: string | null | undefined): string | undefined {
  return value ?? undefined;
}
