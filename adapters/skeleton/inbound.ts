import { z } from 'zod';
import { chatId, type InboundMessage, platformMessageId, senderId } from '../../src/contract/index.ts';

/** Only what we use: a platform may add what it likes. */
const event = z.object({ op: z.string() });
const messageEvent = z.object({
  id: z.string().min(1),
  chat: z.object({ id: z.string().min(1), group: z.boolean().default(false), title: z.string().optional() }),
  from: z.object({ id: z.string().min(1), name: z.string().optional(), bot: z.boolean().default(false) }),
  text: z.string(),
  at: z.number(),
  mentionsYou: z.boolean().default(false),
  replyTo: z.string().optional(),
});

/** Throws on a message that cannot be read; anything else is not for us. */
export function normalize(raw: unknown): InboundMessage | undefined {
  if (event.safeParse(raw).data?.op !== 'message') return undefined;
  const { id, chat, from, text, at, mentionsYou, replyTo } = messageEvent.parse(raw);
  return {
    dedupeKey: id,
    chat: {
      id: chatId(chat.id),
      kind: chat.group ? 'group' : 'direct',
      ...(chat.title !== undefined && { title: chat.title }),
    },
    sender: {
      id: senderId(from.id),
      ...(from.name !== undefined && { name: from.name }),
      ...(from.bot && { bot: true }),
    },
    platformId: platformMessageId(id),
    sentAt: at,
    text,
    addressed: !chat.group || mentionsYou,
    ...(replyTo !== undefined && { replyTo: { platformId: platformMessageId(replyTo) } }),
  };
}
