import { type Api, GrammyError } from 'grammy';
import {
  type OutboundMessage,
  platformMessageId,
  type RenderedText,
  type SendReceipt,
} from '../../src/contract/index.ts';
import { type Address, toAddress } from './address.ts';
import { toSignal } from './client.ts';
import { toChannelError } from './errors.ts';
import { REPEATED } from './format.ts';

/** What is sent, in either form, and where; each is changed at most once, after a refusal. */
interface Draft {
  readonly address: Address;
  /** Whether the address is the one that Telegram has named instead. */
  readonly moved: boolean;
  readonly body: Required<RenderedText>;
  readonly form: keyof RenderedText;
}

/**
 * One attempt. When Telegram refuses it for a reason that we can remove at once, the message is sent in the changed form
 * within the same attempt: a refused message was certainly not delivered, so it is still one message.
 */
export async function send(api: Api, message: OutboundMessage, signal: AbortSignal): Promise<SendReceipt> {
  const { text, plain = text } = message.body;
  const mark = message.possiblyRepeated ? REPEATED : { text: '', plain: '' };
  let draft: Draft | undefined = {
    address: toAddress(message.chat.id),
    moved: false,
    body: { text: mark.text + text, plain: mark.plain + plain },
    form: 'text',
  };
  for (;;) {
    try {
      const sent = await api.raw.sendMessage(payload(draft, message), toSignal(signal));
      return { platformId: platformMessageId(`${sent.message_id}`) };
    } catch (error) {
      draft = changed(draft, error);
      if (draft === undefined) throw toChannelError('sendMessage', error);
    }
  }
}

function payload({ address, body, form }: Draft, { replyTo }: OutboundMessage) {
  return {
    chat_id: address.chat,
    text: body[form],
    // An answer's links shall not fetch pages that its reader has not asked for.
    link_preview_options: { is_disabled: true },
    ...(form === 'text' && { parse_mode: 'HTML' as const }),
    ...(address.topic !== undefined && { message_thread_id: address.topic }),
    ...(replyTo !== undefined && {
      reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true },
    }),
  };
}

function changed(draft: Draft, error: unknown): Draft | undefined {
  if (!(error instanceof GrammyError) || error.error_code !== 400) return undefined;
  const { migrate_to_chat_id: supergroup } = error.parameters;
  if (supergroup !== undefined && !draft.moved) {
    return { ...draft, address: { ...draft.address, chat: supergroup }, moved: true };
  }
  // Telegram has no code for this, only words.
  const dislikesMarkup = /can't parse entities/i.test(error.description);
  return dislikesMarkup && draft.form === 'text' ? { ...draft, form: 'plain' } : undefined;
}
