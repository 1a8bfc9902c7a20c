import { z } from 'zod';
import { type InboundMessage, platformMessageId } from '../../src/contract/index.ts';
import { deletion, isSomebodys, reaction } from './changes.ts';
import { choice, PRESSED } from './choices.ts';
import { readContent } from './content.ts';
import { type Envelope, envelope, type Item, type Known, known } from './items.ts';
import { somebody, toChat } from './names.ts';

const said = z.object({
  sender: z.object({ sender_id: z.object({ open_id: z.string().min(1) }), sender_type: z.string() }),
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
/** Several messages of a chat, passed on as one. Feishu does not tell of a single one that it is. */
const FORWARDED = 'merge_forward';

/** The system says things too: "Tom joined". */
const bySomebody = z.object({ sender: z.object({ sender_type: z.enum(['user', 'app']) }) });

const withKnown = envelope.extend({ known: known.default({}) });

/**
 * An event, together with what we had to ask Feishu about it (`known`). Not for us: what the bot itself does, and all other
 * kinds of events. Throws on what should be a message and cannot be read.
 */
export function normalize(raw: unknown): InboundMessage | undefined {
  const { data } = withKnown.safeParse(raw);
  switch (data?.header.event_type) {
    case 'im.message.receive_v1':
      return bySomebody.safeParse(data.event).success ? newMessage(data, data.known) : undefined;
    case PRESSED:
      return choice(data, data.known);
    case 'im.message.reaction.created_v1':
      return isSomebodys(data) ? reaction(data, data.known, 'reaction') : undefined;
    case 'im.message.reaction.deleted_v1':
      return isSomebodys(data) ? reaction(data, data.known, 'reaction_removed') : undefined;
    case 'im.message.recalled_v1':
      return deletion(data, data.known);
    default:
      return undefined;
  }
}

function newMessage({ event, header }: Envelope, { bot, parent }: Known): InboundMessage | undefined {
  const { sender, message } = said.parse(event);
  const { open_id } = sender.sender_id;
  // The history names the bot by its app.
  if (open_id === bot || open_id === header.app_id) return undefined;
  const { mentions, chat_id, thread_id, message_id } = message;
  const direct = message.chat_type === 'p2p';
  const { text, attachments } = readContent(message, mentions, bot);
  const isMentioned = bot !== undefined && mentions.some(({ id }) => id.open_id === bot);
  return {
    // Feishu pushes an event again under the same event_id; the history knows only the message's own id.
    dedupeKey: message_id,
    chat: toChat(chat_id, thread_id, direct),
    sender: somebody(open_id, sender.sender_type),
    platformId: platformMessageId(message_id),
    sentAt: message.create_time,
    text,
    addressed: direct || isMentioned || parent?.sender.id === header.app_id,
    ...(message.parent_id && { replyTo: quoted(message.parent_id, parent, bot) }),
    ...(message.message_type === FORWARDED && { forwarded: true }),
    ...(attachments.length > 0 && { attachments }),
  };
}

function quoted(id: string, parent: Item | undefined, bot: string | undefined): InboundMessage['replyTo'] {
  return {
    platformId: platformMessageId(id),
    ...(parent && { sender: somebody(parent.sender.id, parent.sender.sender_type), ...textOf(parent, bot) }),
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

function orUndefined(value: string | null | undefined): string | undefined {
  return value ?? undefined;
}
