import type { Attachment } from '../../src/contract/index.ts';
import type { Content } from './event.ts';
import type { MediaRef } from './protocol.ts';

const FILES = {
  imageMessage: ['image', 'image'],
  videoMessage: ['video', 'video'],
  ptvMessage: ['video', 'video'],
  audioMessage: ['audio', 'audio'],
  documentMessage: ['file', 'document'],
  stickerMessage: ['sticker', 'sticker'],
} as const satisfies Partial<Record<keyof Content, readonly [Attachment['kind'], MediaRef['type']]>>;

export const FILE_FIELDS = Object.keys(FILES) as readonly (keyof typeof FILES)[];

/** What came with a message, files and what is shown like one. `key`: the message, as WhatsApp addresses it. */
export function attachmentsOf(body: Content, key: MediaRef['key']): Attachment[] {
  const { locationMessage, liveLocationMessage, contactMessage, contactsArrayMessage } = body;
  const contacts = contactMessage ? [contactMessage] : (contactsArrayMessage?.contacts ?? []);
  return [
    ...FILE_FIELDS.flatMap((field) => fileOf(body, field, key)),
    ...[locationMessage ?? liveLocationMessage ?? []].flat().map(placeOf),
    ...contacts.map(contactOf),
  ];
}

function fileOf(body: Content, field: keyof typeof FILES, key: MediaRef['key']): Attachment[] {
  const file = body[field];
  if (!file) return [];
  const [kind, type] = FILES[field];
  const { fileName, mimetype, fileLength, mediaKey, directPath } = file;
  const ref = mediaKey && directPath ? { type, mediaKey, directPath, key } : undefined;
  return [
    {
      kind,
      ...(fileName && { name: fileName }),
      ...(mimetype && { mime: mimetype }),
      ...(fileLength && { bytes: fileLength }),
      ...(ref && { ref: JSON.stringify(ref satisfies MediaRef) }),
    },
  ];
}

function placeOf(place: NonNullable<Content['locationMessage']>): Attachment {
  const { degreesLatitude, degreesLongitude, name, address, caption } = place;
  return note('location', [name, address, caption, degreesLatitude, degreesLongitude]);
}

function contactOf({ displayName, vcard }: NonNullable<Content['contactMessage']>): Attachment {
  const phone = /^(?:[\w-]+\.)?TEL[^:\n]*:(.+)$/m.exec(vcard ?? '')?.[1]?.trim();
  return note('contact', [displayName, phone]);
}

function note(kind: Attachment['kind'], parts: readonly (string | number | null | undefined)[]): Attachment {
  const name = parts.filter((part) => part !== undefined && part !== null && part !== '').join(', ');
  return { kind, ...(name && { name }) };
}
