import { GrammyError } from 'grammy';
import {
  type OutboundMessage,
  platformMessageId,
  type RenderedText,
  type SendReceipt,
} from '../../src/contract/index.ts';
import { type Address, target, toAddress } from './address.ts';
import { keyboard } from './choices.ts';
import { type TelegramClient, toSignal } from './client.ts';
import { toChannelError } from './errors.ts';
import { asDocuments, type Sent, type Upload, upload, uploadAlbum, uploadsOf } from './files.ts';
import { repeatedMark } from './repeated.ts';

/** What is sent, in which form, and where; each is changed at most once, after a refusal. */
interface Draft {
  readonly address: Address;
  /** Whether the address is the one that Telegram has named instead. */
  readonly moved: boolean;
  readonly body: Required<RenderedText>;
  readonly form: keyof RenderedText;
  readonly uploads: readonly Upload[];
}

/**
 * One attempt. When Telegram refuses it for a reason that we can remove at once, the message is sent in the changed form
 * within the same attempt: a refused message was certainly not delivered, so it is still one message.
 */
export async function send(
  client: TelegramClient,
  message: OutboundMessage,
  sentAgain: string | undefined,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const { text, plain = text } = message.body;
  const mark = sentAgain === undefined ? { text: '', plain: '' } : repeatedMark(sentAgain);
  let draft: Draft | undefined = {
    address: toAddress(message.chat.id),
    moved: false,
    body: { text: mark.text + text, plain: mark.plain + plain },
    form: 'text',
    uploads: uploadsOf(message.files ?? []),
  };
  for (;;) {
    try {
      const sent = await post(client, draft, message, signal);
      return { platformId: platformMessageId(`${sent.message_id}`) };
    } catch (error) {
      draft = changed(draft, error);
      if (draft === undefined) throw toChannelError(message.files ? 'an upload' : 'sendMessage', error);
    }
  }
}

async function post(
  { api, uploadApi }: TelegramClient,
  { address, body, form, uploads }: Draft,
  { replyTo, choices }: OutboundMessage,
  signal: AbortSignal,
): Promise<Sent> {
  const about = {
    ...target(address),
    ...(replyTo !== undefined && {
      reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true },
    }),
  };
  const markup = form === 'text' ? ({ parse_mode: 'HTML' } as const) : {};
  const buttons = choices === undefined ? {} : { reply_markup: keyboard(choices) };
  const text = body[form];
  const [first, ...more] = uploads;
  if (first === undefined) {
    // An answer's links shall not fetch pages that its reader has not asked for.
    const link_preview_options = { is_disabled: true };
    const message = { ...about, ...markup, ...buttons, text, link_preview_options };
    return api.raw.sendMessage(message, toSignal(signal));
  }
  const caption = text === '' ? {} : { caption: text, ...markup };
  // Telegram puts no buttons under albums.
  if (more.length > 0) return uploadAlbum(uploadApi, uploads, about, caption, signal);
  return upload(uploadApi, first, { ...about, ...caption, ...buttons }, signal);
}

function changed(draft: Draft, error: unknown): Draft | undefined {
  if (!(error instanceof GrammyError) || error.error_code !== 400) return undefined;
  const { migrate_to_chat_id: supergroup } = error.parameters;
  if (supergroup !== undefined && !draft.moved) {
    return { ...draft, address: { ...draft.address, chat: supergroup }, moved: true };
  }
  // Telegram has no codes for these, only words.
  const dislikesMarkup = /can't parse entities/i.test(error.description);
  if (dislikesMarkup && draft.form === 'text') return { ...draft, form: 'plain' };
  const cannotShow = /\b(PHOTO|IMAGE|VIDEO|VOICE|AUDIO|MEDIA)_[A-Z]|can't use the media/.test(
    error.description,
  );
  const canBeDocuments = draft.uploads.some(({ as }) => as !== 'document');
  return cannotShow && canBeDocuments ? { ...draft, uploads: asDocuments(draft.uploads) } : undefined;
}
