import { z } from 'zod';
import { chatId, type InboundMessage, senderId } from '../../src/contract/index.ts';
import { encodeRef, personOf } from './ids.ts';

/*
 * What the worker journals: a decrypted message (WAProto of Baileys, as protobuf's JSON) and the head of its stanza.
 */
const text = z.string().nullish();
const messageKey = z.object({
  id: z.string(),
  remoteJid: text,
  fromMe: z.boolean().nullish(),
  participant: text,
});
const contextInfo = z
  .object({
    stanzaId: text,
    participant: text,
    mentionedJid: z.array(z.string()).nullish(),
    quotedMessage: z
      .object({ conversation: text, extendedTextMessage: z.object({ text }).nullish() })
      .nullish(),
  })
  .nullish();
const file = z
  .object({
    caption: text,
    fileName: text,
    mimetype: text,
    fileLength: z.coerce.number().nullish(),
    contextInfo,
  })
  .nullish();
const content = z.object({
  conversation: text,
  extendedTextMessage: z.object({ text, contextInfo }).nullish(),
  imageMessage: file,
  videoMessage: file,
  audioMessage: file,
  documentMessage: file,
  stickerMessage: file,
});
const message = content.extend({
  reactionMessage: z.object({ key: messageKey, text }).nullish(),
  protocolMessage: z
    .object({ key: messageKey.nullish(), type: text, editedMessage: content.nullish() })
    .nullish(),
});
const envelope = z.object({
  me: z.array(z.string()),
  key: z.object({ id: z.string().min(1), remoteJid: z.string().min(1), participant: text }),
  messageTimestamp: z.number(),
  pushName: text,
  message: z.unknown(),
});
const WRAPPERS = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'documentWithCaptionMessage',
  'editedMessage',
];
const wrapper = z.looseObject({ message: z.unknown() });

type Content = z.infer<typeof content>;
type Message = z.infer<typeof message>;

const FILES = {
  imageMessage: 'image',
  videoMessage: 'video',
  audioMessage: 'audio',
  documentMessage: 'file',
  stickerMessage: 'sticker',
} as const;

/** Reads what the worker journaled. Throws on a message that cannot be read; anything else is not for us. */
export function normalize(raw: unknown): InboundMessage | undefined {
  if (!envelope.safeParse(raw).success) return undefined;
  const { me, key, messageTimestamp, pushName, message: wrapped } = envelope.parse(raw);
  const ours = me.filter((jid) => jid !== '').map(personOf);
  const chat = personOf(key.remoteJid);
  const isGroup = chat.endsWith('@g.us');
  const isDirect = chat.endsWith('@s.whatsapp.net') || chat.endsWith('@lid');
  const from = isGroup ? personOf(key.participant ?? '') : chat;
  if ((!isGroup && !isDirect) || from === '' || ours.includes(from)) return undefined;

  const said = message.parse(unwrap(wrapped));
  const authorOf = (jid: string) => (ours.includes(personOf(jid)) ? 'me' : personOf(jid));
  const change = changeOf(said, from, authorOf);
  const body = said.protocolMessage?.editedMessage ?? said;
  const context = contextOf(body);
  const attachments = change ? [] : attachmentsOf(body);
  const mentions = (context?.mentionedJid ?? []).map(personOf).filter((jid) => ours.includes(jid));
  const written = change && change.kind !== 'edit' ? change.text : textOf(body, mentions);
  if (said.protocolMessage && !change) return undefined; // a setting, a sync
  if (written === '' && attachments.length === 0 && mentions.length === 0 && !change) return undefined;

  const quotedAuthor = context?.participant ? authorOf(context.participant) : undefined;
  return {
    dedupeKey: [chat, from, key.id].join('/'),
    chat: {
      id: chatId(chat),
      kind: isGroup ? 'group' : 'direct',
      ...(!isGroup && pushName && { title: pushName }),
    },
    sender: { id: senderId(from), ...(pushName && { name: pushName }) },
    platformId: encodeRef({ id: key.id, author: from }),
    sentAt: messageTimestamp * 1000,
    text: written,
    addressed: isDirect || mentions.length > 0 || quotedAuthor === 'me',
    ...(context?.stanzaId && {
      replyTo: {
        platformId: encodeRef({ id: context.stanzaId, author: quotedAuthor ?? from }),
        ...quotedText(context),
        ...(quotedAuthor && quotedAuthor !== 'me' && { sender: { id: senderId(quotedAuthor) } }),
      },
    }),
    ...(attachments.length > 0 && { attachments }),
    ...(change && { change: { kind: change.kind, of: change.of } }),
  };
}

/** The message itself, out of what says that it disappears, is shown once, or is an edit. */
function unwrap(raw: unknown): unknown {
  let inner = raw;
  for (let depth = 0; depth < 4; depth += 1) {
    const outer = z.looseObject({}).safeParse(inner).data ?? {};
    const next = WRAPPERS.map((name) => wrapper.safeParse(outer[name]).data).find(
      (found) => found !== undefined,
    );
    if (next === undefined) return inner;
    inner = next.message;
  }
  return inner;
}

function changeOf(
  { reactionMessage, protocolMessage }: Message,
  from: string,
  authorOf: (jid: string) => string,
) {
  if (reactionMessage) {
    const { key, text: emoji } = reactionMessage;
    // In a direct chat the key names no author: what is not the sender's own is ours.
    const author = key.participant ? authorOf(key.participant) : key.fromMe ? from : 'me';
    const of = encodeRef({ id: key.id, author });
    return { kind: emoji ? 'reaction' : 'reaction_removed', of, text: emoji ?? '' } as const;
  }
  if (protocolMessage?.key && protocolMessage.type === 'MESSAGE_EDIT')
    return { kind: 'edit', of: encodeRef({ id: protocolMessage.key.id, author: from }), text: '' } as const;
  if (protocolMessage?.key && (protocolMessage.type ?? 'REVOKE') === 'REVOKE') {
    const author = protocolMessage.key.participant ? authorOf(protocolMessage.key.participant) : from;
    return { kind: 'deletion', of: encodeRef({ id: protocolMessage.key.id, author }), text: '' } as const;
  }
  return undefined;
}

function contextOf(body: Content) {
  const files = Object.keys(FILES) as (keyof typeof FILES)[];
  return (
    body.extendedTextMessage?.contextInfo ??
    files.map((name) => body[name]?.contextInfo).find((context) => context)
  );
}

/** A mention is written as the number after an @. Ours is taken out where it only serves to call us. */
function textOf(body: Content, mentions: readonly string[]): string {
  const captions = [body.imageMessage, body.videoMessage, body.documentMessage].map(
    (found) => found?.caption,
  );
  const whole =
    body.conversation || body.extendedTextMessage?.text || captions.find((caption) => caption) || '';
  const call = mentions
    .map((jid) => `@${jid.split('@')[0]}`)
    .find((name) => whole.trimStart().startsWith(name));
  return (call === undefined ? whole : whole.trimStart().slice(call.length)).trim();
}

function quotedText(context: NonNullable<z.infer<typeof contextInfo>>) {
  const quoted = context.quotedMessage?.conversation || context.quotedMessage?.extendedTextMessage?.text;
  return quoted ? { text: quoted } : {};
}

function attachmentsOf(body: Content): NonNullable<InboundMessage['attachments']> {
  return (Object.keys(FILES) as (keyof typeof FILES)[]).flatMap((name) => {
    const found = body[name];
    if (!found) return [];
    return [
      {
        kind: FILES[name],
        ...(found.fileName && { name: found.fileName }),
        ...(found.mimetype && { mime: found.mimetype }),
        ...(found.fileLength && { bytes: found.fileLength }),
      },
    ];
  });
}
