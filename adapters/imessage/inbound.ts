import { z } from 'zod';
import {
  type Attachment,
  chatId,
  type InboundMessage,
  platformMessageId,
  senderId,
} from '../../src/contract/index.ts';
import { TAPBACKS } from './tapbacks.ts';

/*
 * A message as BlueBubbles serialises it: packages/server/src/server/api/serializers/ of BlueBubbles 1.9. Only what we use.
 */
const handle = z.object({ address: z.string().min(1) });
const attachment = z.object({
  guid: z.string(),
  mimeType: z.string().nullish(),
  transferName: z.string().nullish(),
  totalBytes: z.number().nullish(),
  isSticker: z.boolean().nullish(),
  hideAttachment: z.boolean().nullish(),
});
const run = z.object({
  range: z.tuple([z.int(), z.int()]),
  attributes: z.object({ __kIMMentionConfirmedMention: z.string().optional() }).nullish(),
});
const message = z.object({
  guid: z.string().min(1),
  text: z.string().nullish(),
  subject: z.string().nullish(),
  attributedBody: z
    .array(z.object({ string: z.string(), runs: z.array(run) }))
    .nullish()
    .catch(null),
  handle: handle.nullish(),
  chats: z
    .array(
      z.object({
        guid: z.string().min(1),
        style: z.int().nullish(),
        displayName: z.string().nullish(),
        lastAddressedHandle: z.string().nullish(),
      }),
    )
    .min(1),
  attachments: z.array(attachment).nullish(),
  isFromMe: z.boolean(),
  isSystemMessage: z.boolean().nullish(),
  itemType: z.int().nullish(),
  balloonBundleId: z.string().nullish(),
  associatedMessageGuid: z.string().nullish(),
  associatedMessageType: z.string().nullish(),
  threadOriginatorGuid: z.string().nullish(),
  dateCreated: z.number(),
  dateEdited: z.number().nullish(),
  dateRetracted: z.number().nullish(),
});
const answeredMessage = z.object({
  text: z.string().nullish(),
  handle: handle.nullish(),
  isFromMe: z.boolean(),
});
const event = z.object({
  message,
  /** That the message was changed is what happened. */
  edited: z.boolean(),
  /** The message that it answers, as far as the server has it. */
  answered: answeredMessage.nullish().catch(null),
  ourAddress: z.string().nullish(),
});
const anyEvent = z.object({ message: z.object({}) });

export type RawEvent = { readonly [Key in keyof z.infer<typeof event>]: unknown };
type Event = z.infer<typeof event>;
type Message = z.infer<typeof message>;

/** Throws on a message that cannot be read; anything else is not for us. */
export function normalize(raw: unknown): InboundMessage | undefined {
  if (!anyEvent.safeParse(raw).success) return undefined;
  const { message, edited, answered, ourAddress } = event.parse(raw);
  const [chat] = message.chats;
  if (chat === undefined || message.isFromMe || message.itemType || message.isSystemMessage) return undefined;
  if (!message.handle) throw new Error('a message without a sender');
  const ours = [ourAddress, chat.lastAddressedHandle].flatMap((address) => address?.toLowerCase() ?? []);
  const change = edited ? editOf(message) : reactionOf(message);
  const said = change?.text === undefined ? readText(message, ours) : { text: change.text, callsUs: false };
  const attachments = change ? [] : attachmentsOf(message);
  const { guid, threadOriginatorGuid, dateEdited, dateCreated, handle } = message;
  if (!change && said.text === '' && !said.callsUs && attachments.length === 0) return undefined;

  const isGroup = chat.style ? chat.style === 43 : chat.guid.includes(';+;');
  return {
    dedupeKey: edited ? `${guid}/edited/${dateEdited}` : guid,
    chat: {
      id: chatId(chat.guid),
      kind: isGroup ? 'group' : 'direct',
      ...(chat.displayName && { title: chat.displayName }),
    },
    sender: { id: senderId(handle.address) },
    platformId: platformMessageId(guid),
    sentAt: (edited && dateEdited) || dateCreated,
    text: said.text,
    addressed: !isGroup || said.callsUs || answered?.isFromMe === true,
    ...(threadOriginatorGuid && { replyTo: replyOf(threadOriginatorGuid, answered) }),
    ...(attachments.length > 0 && { attachments }),
    ...(change && { change: { kind: change.kind, of: platformMessageId(change.of) } }),
  };
}

interface Change {
  readonly kind: NonNullable<InboundMessage['change']>['kind'];
  /** The message that was changed. */
  readonly of: string;
  /** Absent where it is the message's own. */
  readonly text?: string;
}

/** What is taken back stays as a message without a text (MessagePoller.ts). */
function editOf({ guid, text, dateRetracted }: Message): Change {
  if (dateRetracted || !text) return { kind: 'deletion', of: guid, text: '' };
  return { kind: 'edit', of: guid };
}

/** A reaction is a message of its own. Its type is a name, or Apple's number where BlueBubbles has no name (any other emoji). */
function reactionOf({ associatedMessageGuid, associatedMessageType, text }: Message): Change | undefined {
  const type = associatedMessageType ?? '';
  const known = TAPBACKS.emojiOf(type.replace('-', ''));
  const isReaction = known !== undefined || /^[23]\d{3}$/.test(type);
  if (!isReaction || !associatedMessageGuid) return undefined;
  return {
    kind: /^(?:-|3\d{3}$)/.test(type) ? 'reaction_removed' : 'reaction',
    of: associatedMessageGuid.replace(/^(?:p:\d+\/|bp:)/, ''),
    text: known ?? /\p{Extended_Pictographic}/u.exec(text ?? '')?.[0] ?? '',
  };
}

/** The text with the name by which it calls us taken out, if it begins with that. */
function readText({ text, subject, attributedBody }: Message, ours: readonly string[]) {
  const [body] = attributedBody ?? [];
  const calls = (body?.runs ?? []).filter(({ attributes }) =>
    ours.includes(attributes?.__kIMMentionConfirmedMention?.toLowerCase() ?? ''),
  );
  let said = text ?? '';
  const [first] = calls;
  if (body !== undefined && first !== undefined) {
    const [start, length] = first.range;
    const before = visible(body.string.slice(0, start));
    said = before === '' ? body.string.slice(start + length) : body.string;
  }
  return {
    text: [subject ?? '', said]
      .map(visible)
      .filter((part) => part !== '')
      .join('\n'),
    callsUs: calls.length > 0,
  };
}

/** Without the placeholders of attachments. */
const visible = (text: string) => text.replaceAll('\uFFFC', '').trim();

function replyOf(guid: string, answered: Event['answered']): InboundMessage['replyTo'] {
  const from = answered?.isFromMe ? undefined : answered?.handle?.address;
  return {
    platformId: platformMessageId(guid),
    ...(answered?.text && { text: answered.text }),
    ...(from && { sender: { id: senderId(from) } }),
  };
}

function attachmentsOf({ attachments, balloonBundleId, text }: Message): Attachment[] {
  const files = (attachments ?? [])
    .filter(({ hideAttachment }) => !hideAttachment) // the picture of a link's preview
    .map(
      ({ guid, mimeType, transferName, totalBytes, isSticker }): Attachment => ({
        kind: isSticker ? 'sticker' : kindOf(mimeType ?? ''),
        ...(transferName && { name: transferName }),
        ...(mimeType && { mime: mimeType }),
        ...(totalBytes && { bytes: totalBytes }),
        ref: guid,
      }),
    );
  // What an app inside of Messages sent (a game, a payment) is told, though nobody else can open it.
  const isFromApp = balloonBundleId && !text && files.length === 0;
  return isFromApp ? [{ kind: 'other', name: balloonBundleId }] : files;
}

const KINDS: Readonly<Record<string, Attachment['kind']>> = {
  'text/vcard': 'contact',
  'text/x-vlocation': 'location',
};

function kindOf(mime: string): Attachment['kind'] {
  const [family] = mime.split('/');
  if (family === 'image' || family === 'audio' || family === 'video') return family;
  return KINDS[mime] ?? 'file';
}
