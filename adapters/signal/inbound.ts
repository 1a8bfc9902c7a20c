import { z } from 'zod';
import { type Attachment, type InboundMessage, senderId } from '../../src/contract/index.ts';
import { directChat, encodeRef, groupChat } from './ids.ts';

/*
 * What signal-cli tells of a received message: src/main/java/org/asamk/signal/json/ of signal-cli 0.14. Only what we use.
 */
const mention = z.object({
  start: z.int(),
  length: z.int(),
  number: z.string().nullish(),
  uuid: z.string().nullish(),
});
const file = z.object({
  id: z.string().nullish(),
  contentType: z.string().nullish(),
  filename: z.string().nullish(),
  size: z.number().nullish(),
});
const dataMessage = z.object({
  message: z.string().nullish(),
  groupInfo: z.object({ groupId: z.string().min(1), groupName: z.string().nullish() }).nullish(),
  mentions: z.array(mention).nullish(),
  attachments: z.array(file).nullish(),
  sticker: z.object({}).nullish(),
  contacts: z.array(z.object({ name: z.record(z.string(), z.unknown()).nullish() })).nullish(),
  pollCreate: z.object({ question: z.string(), options: z.array(z.string()) }).nullish(),
  quote: z
    .object({
      id: z.number(),
      authorNumber: z.string().nullish(),
      authorUuid: z.string().nullish(),
      text: z.string().nullish(),
    })
    .nullish(),
  reaction: z
    .object({
      emoji: z.string(),
      targetAuthorNumber: z.string().nullish(),
      targetAuthorUuid: z.string().nullish(),
      targetSentTimestamp: z.number(),
      isRemove: z.boolean(),
    })
    .nullish(),
  remoteDelete: z.object({ timestamp: z.number() }).nullish(),
});
const messageEvent = z.object({
  account: z.string(),
  envelope: z.object({
    sourceNumber: z.string().nullish(),
    sourceUuid: z.string().nullish(),
    sourceName: z.string().nullish(),
    sourceDevice: z.int().nullish(),
    timestamp: z.number(),
    serverReceivedTimestamp: z.number().nullish(),
    dataMessage: dataMessage.nullish(),
    editMessage: z.object({ targetSentTimestamp: z.number(), dataMessage }).nullish(),
  }),
});
const failedEvent = z.object({ exception: z.object({ type: z.string() }) });
const anyEvent = z.object({
  envelope: z.union([z.object({ dataMessage: z.object({}) }), z.object({ editMessage: z.object({}) })]),
});

type MessageEvent = z.infer<typeof messageEvent>;
type DataMessage = z.infer<typeof dataMessage>;

/** Reads the events of one account. Throws on a message that cannot be read; anything else is not for us. */
export function normalizerFor(account: string): (raw: unknown) => InboundMessage | undefined {
  return (raw) => {
    const failure = failedEvent.safeParse(raw).data?.exception.type;
    // The server delivered it a second time; the first time it could be decrypted.
    if (failure === 'ProtocolDuplicateMessageException') return undefined;
    if (failure !== undefined) throw new Error(`signal-cli could not decrypt it: ${failure}`);
    if (!anyEvent.safeParse(raw).success) return undefined;
    const event = messageEvent.parse(raw);
    return message(event, (number, uuid) =>
      [number, uuid].some((id) => id === account || id === event.account),
    );
  };
}

/** Whether a number or an account id is ours. */
type IsUs = (number: string | null | undefined, uuid: string | null | undefined) => boolean;

function message({ account, envelope }: MessageEvent, isUs: IsUs): InboundMessage | undefined {
  const { sourceNumber, sourceUuid, sourceName, timestamp } = envelope;
  const from = sourceUuid || sourceNumber;
  const data = envelope.editMessage?.dataMessage ?? envelope.dataMessage;
  if (!from || !data || isUs(sourceNumber, sourceUuid)) return undefined;
  const change = changeOf(envelope, from, isUs);
  const said =
    change?.kind === 'edit' || !change ? readText(data, isUs) : { text: change.text, callsUs: false };
  const attachments = attachmentsOf(data);
  const isEmpty = said.text === '' && !said.callsUs && attachments.length === 0;
  if (isEmpty && !change) return undefined; // a group was changed, a timer was set, a payment was sent

  const { quote, groupInfo } = data;
  const title = groupInfo ? groupInfo.groupName : sourceName;
  const answersUs = !!quote && isUs(quote.authorNumber, quote.authorUuid);
  return {
    dedupeKey: [account, from, envelope.sourceDevice ?? 0, timestamp].join('/'),
    chat: {
      id: groupInfo ? groupChat(groupInfo.groupId) : directChat(from),
      kind: groupInfo ? 'group' : 'direct',
      ...(title && { title }),
    },
    sender: { id: senderId(from), ...(sourceName && { name: sourceName }) },
    platformId: encodeRef({ timestamp, author: from }),
    sentAt: envelope.serverReceivedTimestamp || timestamp,
    text: said.text,
    addressed: !groupInfo || said.callsUs || answersUs,
    ...(quote && { replyTo: replyOf(quote, isUs) }),
    ...(attachments.length > 0 && { attachments }),
    ...(change && { change: { kind: change.kind, of: change.of } }),
  };
}

/** In a text, a mention is a placeholder of one character. Ours is taken out where it only serves to call us. */
function readText(
  { message, mentions, pollCreate }: DataMessage,
  isUs: IsUs,
): { text: string; callsUs: boolean } {
  let text = message ?? (pollCreate ? [pollCreate.question, ...pollCreate.options].join('\n- ') : '');
  let callsUs = false;
  for (const { start, length, number, uuid } of (mentions ?? []).toSorted((a, b) => b.start - a.start)) {
    const before = text.slice(0, start);
    const ours = isUs(number, uuid);
    const name = ours && before.trim() === '' ? '' : `@${number || uuid || ''}`;
    text = before + name + text.slice(start + length);
    callsUs ||= ours;
  }
  return { text: text.trim(), callsUs };
}

function changeOf({ dataMessage, editMessage }: MessageEvent['envelope'], from: string, isUs: IsUs) {
  if (editMessage) {
    const of = encodeRef({ timestamp: editMessage.targetSentTimestamp, author: from });
    return { kind: 'edit', of, text: '' } as const;
  }
  if (dataMessage?.remoteDelete) {
    const of = encodeRef({ timestamp: dataMessage.remoteDelete.timestamp, author: from });
    return { kind: 'deletion', of, text: '' } as const;
  }
  if (dataMessage?.reaction) {
    const { emoji, isRemove, targetSentTimestamp: timestamp, ...target } = dataMessage.reaction;
    const of = encodeRef({
      timestamp,
      author: authorOf(target.targetAuthorNumber, target.targetAuthorUuid, isUs),
    });
    return { kind: isRemove ? 'reaction_removed' : 'reaction', of, text: emoji } as const;
  }
  return undefined;
}

function replyOf(quote: NonNullable<DataMessage['quote']>, isUs: IsUs): InboundMessage['replyTo'] {
  const author = authorOf(quote.authorNumber, quote.authorUuid, isUs);
  return {
    platformId: encodeRef({ timestamp: quote.id, author }),
    ...(quote.text && { text: quote.text }),
    ...(author !== 'me' && author !== '' && { sender: { id: senderId(author) } }),
  };
}

function authorOf(...[number, uuid, isUs]: [...Parameters<IsUs>, IsUs]): string {
  return isUs(number, uuid) ? 'me' : uuid || number || '';
}

function attachmentsOf({ attachments, sticker, contacts }: DataMessage): Attachment[] {
  return [
    ...(attachments ?? []).map(
      ({ id, contentType, filename, size }): Attachment => ({
        kind: kindOf(contentType ?? ''),
        ...(filename && { name: filename }),
        ...(contentType && { mime: contentType }),
        ...(size && { bytes: size }),
        ...(id && { ref: id }),
      }),
    ),
    ...(sticker ? [{ kind: 'sticker' } as const] : []),
    ...(contacts ?? []).map((contact): Attachment => {
      const name = [contact.name?.given, contact.name?.family]
        .filter((part) => typeof part === 'string')
        .join(' ');
      return { kind: 'contact', ...(name && { name }) };
    }),
  ];
}

function kindOf(mime: string): Attachment['kind'] {
  const [family] = mime.split('/');
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file';
}
