import { chatId, type InboundMessage, senderId } from '../../src/contract/index.ts';
import { attachmentsOf, FILE_FIELDS } from './attachments.ts';
import { type Content, type ContextInfo, event, type Message, message, unwrap } from './event.ts';
import { encodeRef, personOf } from './ids.ts';

/** Reads what the worker journaled. Throws on a message that cannot be read; anything else is not for us. */
export function normalize(raw: unknown): InboundMessage | undefined {
  const { data } = event.safeParse(raw);
  if (data === undefined) return undefined;
  const { me, key, phones, messageTimestamp, pushName } = data;
  const ours = me.filter((jid) => jid !== '').map(personOf);
  /** One identity for a person, whichever of their two addresses WhatsApp uses. */
  const whoIs = (jid: string) => phones?.[personOf(jid)] ?? personOf(jid);
  const chat = whoIs(key.remoteJid);
  const isGroup = chat.endsWith('@g.us');
  const isDirect = chat.endsWith('@s.whatsapp.net') || chat.endsWith('@lid');
  const author = isGroup ? personOf(key.participant ?? '') : chat;
  if ((!isGroup && !isDirect) || author === '' || ours.includes(author)) return undefined;

  const said = message.parse(unwrap(data.message));
  const authorOf = (jid: string) => (ours.includes(personOf(jid)) ? 'me' : isGroup ? personOf(jid) : chat);
  const change = changeOf(said, author, authorOf);
  const body = said.protocolMessage?.editedMessage ?? said;
  const context = contextOf(body);
  const address = { ...key, participant: key.participant ?? undefined };
  const attachments = change ? [] : attachmentsOf(body, address);
  const mentions = (context?.mentionedJid ?? []).map(personOf).filter((jid) => ours.includes(jid));
  const written = change && change.kind !== 'edit' ? change.text : textOf(body, mentions);
  if (said.protocolMessage && !change) return undefined; // a setting, a sync
  if (written === '' && attachments.length === 0 && mentions.length === 0 && !change) return undefined;

  const from = whoIs(author);
  const quotedAuthor = context?.participant ? authorOf(context.participant) : undefined;
  const album = albumOf(said);
  const forwarded = context?.isForwarded || (context?.forwardingScore ?? 0) > 0;
  return {
    dedupeKey: [chat, from, key.id].join('/'),
    chat: {
      id: chatId(chat),
      kind: isGroup ? 'group' : 'direct',
      ...(!isGroup && pushName && { title: pushName }),
    },
    sender: { id: senderId(from), ...(pushName && { name: pushName }) },
    platformId: encodeRef({ id: key.id, author }),
    sentAt: messageTimestamp * 1000,
    text: written,
    addressed: isDirect || mentions.length > 0 || quotedAuthor === 'me',
    ...(context?.stanzaId && {
      replyTo: {
        platformId: encodeRef({ id: context.stanzaId, author: quotedAuthor ?? author }),
        ...quotedText(context),
        ...(quotedAuthor && quotedAuthor !== 'me' && { sender: { id: senderId(whoIs(quotedAuthor)) } }),
      },
    }),
    ...(forwarded && { forwarded }),
    ...(attachments.length > 0 && { attachments }),
    ...(album && { album }),
    ...(change && { change: { kind: change.kind, of: change.of } }),
  };
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

/** The parts of an album name the message that announced it. */
function albumOf({ messageContextInfo }: Message): string | undefined {
  const { associationType, parentMessageKey } = messageContextInfo?.messageAssociation ?? {};
  return associationType === 'MEDIA_ALBUM' ? (parentMessageKey?.id ?? undefined) : undefined;
}

function contextOf(body: Content): ContextInfo | undefined {
  const { extendedTextMessage, locationMessage, contactMessage, contactsArrayMessage } = body;
  return (
    [
      extendedTextMessage,
      ...FILE_FIELDS.map((field) => body[field]),
      locationMessage,
      contactMessage,
      contactsArrayMessage,
    ].find((part) => part?.contextInfo)?.contextInfo ?? undefined
  );
}

/** A mention is written as the number after an @. Ours is taken out where it only serves to call us. */
function textOf(body: Content, mentions: readonly string[]): string {
  const captions = FILE_FIELDS.map((field) => body[field]?.caption);
  const whole =
    body.conversation || body.extendedTextMessage?.text || captions.find((caption) => caption) || '';
  const call = mentions
    .map((jid) => `@${jid.split('@')[0]}`)
    .find((name) => whole.trimStart().startsWith(name));
  return (call === undefined ? whole : whole.trimStart().slice(call.length)).trim();
}

function quotedText(context: ContextInfo) {
  const quoted = context.quotedMessage?.conversation || context.quotedMessage?.extendedTextMessage?.text;
  return quoted ? { text: quoted } : {};
}
