import { randomBytes } from 'node:crypto';
import { aesEncryptGCM, hkdf, proto } from '@whiskeysockets/baileys';
import { type MediaFields, type MediaServer, type MediaType, seal, unseal } from './whatsapp-media.ts';

/** A file as people see it. */
export interface SeenFile {
  readonly type: MediaType;
  readonly name?: string;
  readonly mime: string;
  readonly isVoice: boolean;
  readonly content: Buffer;
}

const FIELDS = {
  image: 'imageMessage',
  video: 'videoMessage',
  audio: 'audioMessage',
  document: 'documentMessage',
  sticker: 'stickerMessage',
} as const;

/** A message with a file, sealed and uploaded by its sender's phone. */
export function withFile(
  server: MediaServer,
  type: MediaType,
  { name, mime, content }: { name?: string; mime: string; content: Buffer },
  caption = '',
): proto.IMessage {
  const { sealed, fields } = seal(type, content);
  const directPath = server.put(sealed);
  const common = { ...fields, mimetype: mime, directPath, url: `https://${server.host}${directPath}` };
  const fileName = name ?? null;
  return { [FIELDS[type]]: { ...common, fileName, ...(caption !== '' && { caption }) } };
}

/** Fetches and opens what came with a message. */
export function fileIn(server: MediaServer, message: proto.IMessage): SeenFile | undefined {
  for (const [type, field] of Object.entries(FIELDS) as [MediaType, (typeof FIELDS)[MediaType]][]) {
    const fields: MediaFields | null | undefined = message[field];
    if (!fields) continue;
    const name = message.documentMessage?.fileName;
    return {
      type,
      ...(name && { name }),
      mime: fields.mimetype ?? '',
      isVoice: message.audioMessage?.ptt === true,
      content: unseal(type, fields, server.at(fields.directPath ?? '')),
    };
  }
  return undefined;
}

/** What the phone answers when a device asks for an old file: where it has uploaded it once more. */
export function uploadedAnew(id: string, { mediaKey }: MediaFields, directPath: string) {
  const { SUCCESS } = proto.MediaRetryNotification.ResultType;
  const told = proto.MediaRetryNotification.encode({ stanzaId: id, directPath, result: SUCCESS }).finish();
  const key = hkdf(Buffer.from(mediaKey ?? []), 32, { info: 'WhatsApp Media Retry Notification' });
  const iv = randomBytes(12);
  return { iv, sealed: aesEncryptGCM(told, Buffer.from(key), iv, Buffer.from(id)) };
}

/** The fields of the file in a message. */
export function mediaIn(message: proto.IMessage): MediaFields {
  const field = Object.values(FIELDS).find((name) => message[name]);
  return (field && message[field]) ?? {};
}
