import { z } from 'zod';
import { createLatest } from '../../src/adapter-kit/index.ts';
import { type InboundMessage, platformMessageId } from '../../src/contract/index.ts';
import { type Face, toCard } from './card.ts';
import { type Envelope, envelope, type Known } from './items.ts';
import { somebody, toChat } from './names.ts';

/** The press of a button (feishu-cards/card-callback-communication). */
export const PRESSED = 'card.action.trigger';

/** Of a button of ours. */
const press = z.object({
  operator: z.object({ open_id: z.string().min(1) }),
  action: z.object({ value: z.object({ choice: z.string(), thread: z.string().optional() }) }),
  context: z.object({ open_message_id: z.string().min(1), open_chat_id: z.string().min(1) }),
});

/** `undefined` when the button is none of ours. */
export function choice({ event, header }: Envelope, { direct }: Known): InboundMessage | undefined {
  const { data } = press.safeParse(event);
  if (data === undefined) return undefined;
  const { operator, action, context } = data;
  if (direct === undefined) throw new Error('Feishu does not tell us in what chat a button was pressed');
  const of = platformMessageId(context.open_message_id);
  return {
    dedupeKey: header.event_id,
    chat: toChat(context.open_chat_id, action.value.thread, direct),
    sender: somebody(operator.open_id, 'user'),
    platformId: of,
    // In microseconds, here only.
    sentAt: Number(header.create_time.slice(0, 13)),
    text: action.value.choice,
    addressed: true,
    choice: { of },
  };
}

/** Cards beyond these, the oldest ones, keep their buttons when one is pressed. */
const MAX_REMEMBERED = 200;

/** Cards with buttons: what they show, for Feishu does not tell. */
export function createChoices() {
  const open = createLatest<Face>(MAX_REMEMBERED);
  return {
    offered: (message: string, face: Face): void => open.set(message, face),

    /** What Feishu shall do once an event is stored: after a choice, show it in the place of the buttons. */
    answerTo(event: unknown): object | undefined {
      const { data } = envelope.safeParse(event);
      const pressed = data?.header.event_type === PRESSED ? press.safeParse(data.event).data : undefined;
      if (pressed === undefined) return undefined;
      const { action, context } = pressed;
      const taken = action.value.choice;
      const face = open.get(context.open_message_id);
      open.delete(context.open_message_id);
      return {
        toast: { type: 'success', content: `✓ ${taken}` },
        ...(face && { card: { type: 'raw', data: toCard({ ...face, choices: [], taken }) } }),
      };
    },
  };
}
export type Choices = ReturnType<typeof createChoices>;
