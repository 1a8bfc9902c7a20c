import { z } from 'zod';
import { type Chat, type InboundMessage, platformMessageId } from '../../src/contract/index.ts';
import type { Envelope, Known } from './items.ts';
import { somebody, toChat } from './names.ts';
import { emojiOf } from './reactions.ts';

const reacted = z
  .object({
    message_id: z.string().min(1),
    reaction_type: z.object({ emoji_type: z.string() }),
    action_time: z.coerce.number(),
  })
  .and(
    z.discriminatedUnion('operator_type', [
      z.object({ operator_type: z.literal('user'), user_id: z.object({ open_id: z.string().min(1) }) }),
      z.object({ operator_type: z.literal('app'), app_id: z.string().min(1) }),
    ]),
  );

const recalled = z.object({ message_id: z.string().min(1), recall_time: z.coerce.number() });

/** Whether a reaction is one of a person or of another bot: Feishu tells us of our own too. */
export function isSomebodys({ event, header }: Envelope): boolean {
  return event.operator_type === 'user' || (event.operator_type === 'app' && event.app_id !== header.app_id);
}

export function reaction(
  { event, header }: Envelope,
  known: Known,
  kind: 'reaction' | 'reaction_removed',
): InboundMessage {
  const { message_id, reaction_type, action_time, ...by } = reacted.parse(event);
  return {
    ...changeOf(message_id, kind, known),
    dedupeKey: header.event_id,
    sender: somebody(by.operator_type === 'user' ? by.user_id.open_id : by.app_id, by.operator_type),
    sentAt: action_time,
    text: emojiOf(reaction_type.emoji_type),
  };
}

/** `undefined` when it was ours. */
export function deletion({ event, header }: Envelope, known: Known): InboundMessage | undefined {
  const { message_id, recall_time } = recalled.parse(event);
  const author = known.about?.sender;
  if (author?.id === header.app_id) return undefined;
  return {
    ...changeOf(message_id, 'deletion', known),
    dedupeKey: `recalled:${message_id}`,
    sender: somebody(author?.id ?? '', author?.sender_type ?? ''),
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
    chat: toChat(about.chat_id, about.thread_id, direct),
    platformId,
    addressed: direct,
    change: { kind, of: platformId },
  };
}
