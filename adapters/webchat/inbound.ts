import { z } from 'zod';
import {
  type Attachment,
  chatId,
  type InboundMessage,
  platformMessageId,
  senderId,
} from '../../src/contract/index.ts';

/** A message of a page, together with what the page does not say: who sent it, when it came, and where its files lie. */
export type PageMessage = z.infer<typeof pageMessage>;

const pageMessage = z.object({
  visitor: z.string().min(1),
  id: z.string().min(1),
  text: z.string(),
  language: z.string().optional(),
  at: z.number(),
  files: z
    .array(z.object({ name: z.string(), mime: z.string(), bytes: z.number(), ref: z.string() }))
    .optional(),
  /** The line whose button was pressed. */
  of: z.string().optional(),
});

export function normalize(raw: unknown): InboundMessage | undefined {
  const { data } = pageMessage.safeParse(raw);
  return data && toInbound(data);
}

/** One browser is one visitor, and one visitor is one direct chat. */
export function toInbound({ visitor, id, text, at, language, files = [], of }: PageMessage): InboundMessage {
  return {
    dedupeKey: dedupeKey(visitor, id),
    chat: { id: chatId(visitor), kind: 'direct' },
    sender: { id: senderId(visitor), ...(language !== undefined && { language }) },
    platformId: platformMessageId(id),
    sentAt: at,
    text,
    addressed: true,
    ...(files.length > 0 && { attachments: files.map((file) => ({ kind: kindOf(file.mime), ...file })) }),
    ...(of !== undefined && { choice: { of: platformMessageId(of) } }),
  };
}

/** Pages choose their ids, so one browser's must not stand in another's way. */
export function dedupeKey(visitor: string, id: string): string {
  return `${visitor}/${id}`;
}

function kindOf(mime: string): Attachment['kind'] {
  const kind = /^(image|audio|video)\//.exec(mime)?.[1];
  return (kind as 'image' | 'audio' | 'video' | undefined) ?? 'file';
}
