import { z } from 'zod';

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
    /** Set on what is passed on, by some apps only as a score of how often. */
    isForwarded: z.boolean().nullish(),
    forwardingScore: z.number().nullish(),
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
    mediaKey: text,
    directPath: text,
    contextInfo,
  })
  .nullish();
const place = z
  .object({
    degreesLatitude: z.number().nullish(),
    degreesLongitude: z.number().nullish(),
    name: text,
    address: text,
    caption: text,
    contextInfo,
  })
  .nullish();
const contact = z.object({ displayName: text, vcard: text, contextInfo });
const content = z.object({
  conversation: text,
  extendedTextMessage: z.object({ text, contextInfo }).nullish(),
  imageMessage: file,
  videoMessage: file,
  ptvMessage: file,
  audioMessage: file,
  documentMessage: file,
  stickerMessage: file,
  locationMessage: place,
  liveLocationMessage: place,
  contactMessage: contact.nullish(),
  contactsArrayMessage: z.object({ contacts: z.array(contact).nullish(), contextInfo }).nullish(),
});
const messageAssociation = z.object({
  associationType: text,
  parentMessageKey: z.object({ id: text }).nullish(),
});

export const message = content.extend({
  reactionMessage: z.object({ key: messageKey, text }).nullish(),
  protocolMessage: z
    .object({ key: messageKey.nullish(), type: text, editedMessage: content.nullish() })
    .nullish(),
  messageContextInfo: z.object({ messageAssociation: messageAssociation.nullish() }).nullish(),
});

export const event = z.object({
  /** Our own addresses. */
  me: z.array(z.string()),
  key: z.object({ id: z.string().min(1), remoteJid: z.string().min(1), participant: text }),
  /** The phone numbers behind addresses that hide them, as far as WhatsApp tells. */
  phones: z.record(z.string(), z.string()).optional(),
  messageTimestamp: z.number(),
  pushName: text,
  message: z.unknown(),
});

export type Content = z.infer<typeof content>;
export type Message = z.infer<typeof message>;
export type ContextInfo = NonNullable<z.infer<typeof contextInfo>>;

const WRAPPERS = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
];
const outside = z.looseObject({ messageContextInfo: z.unknown().optional() });
const wrapper = z.object({ message: z.looseObject({}) });

/** The message itself, out of what says that it disappears, is shown once, or is an edit. */
export function unwrap(raw: unknown): unknown {
  let inner = raw;
  for (let depth = 0; depth < 4; depth += 1) {
    const outer = outside.safeParse(inner).data;
    const next = WRAPPERS.map((name) => wrapper.safeParse(outer?.[name]).data).find((found) => found);
    if (next === undefined) return inner;
    inner = { messageContextInfo: outer?.messageContextInfo, ...next.message };
  }
  return inner;
}
