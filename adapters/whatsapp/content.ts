import type { AnyMessageContent, proto, WAMessageKey } from '@whiskeysockets/baileys';
import type { OutboundFile } from '../../src/contract/index.ts';
import type { MessageRef } from './ids.ts';
import type { Saying } from './protocol.ts';

/**
 * What WhatsApp's apps can show; all else goes as a document.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
 */
const SHOWN: Readonly<Record<string, 'image' | 'video' | 'audio'>> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'video/mp4': 'video',
  'video/3gpp': 'video',
  'audio/aac': 'audio',
  'audio/amr': 'audio',
  'audio/mp4': 'audio',
  'audio/mpeg': 'audio',
  'audio/ogg': 'audio',
};
/** The same page: of what is shown; documents may have more. */
const SHOWN_MAX_BYTES = 16_000_000;

/** What is said, as Baileys takes it. `me`: our own address. */
export function contentOf(saying: Saying, me: string): AnyMessageContent {
  if (saying.type === 'react') return { react: { text: saying.emoji, key: keyOf(saying.chat, saying.to) } };
  const { text, file, quoted } = saying;
  const about = quoted && { contextInfo: quoting(quoted, me) };
  if (file === undefined) return { text, linkPreview: null, ...about };
  return { ...media(file, text), ...about };
}

function media(file: OutboundFile, caption: string): AnyMessageContent {
  const [mimetype = ''] = file.mime.split(';');
  const shown = file.bytes > SHOWN_MAX_BYTES ? undefined : SHOWN[mimetype];
  const from = { url: file.path };
  if (shown === 'image') return { image: from, caption, mimetype };
  if (shown === 'video') return { video: from, caption, mimetype };
  // A recording has no caption, so one that has something to say beside it goes as a document.
  if (shown !== 'audio' || caption !== '') return { document: from, caption, mimetype, fileName: file.name };
  const isVoice = mimetype === 'audio/ogg';
  return { audio: from, ptt: isVoice, mimetype: isVoice ? 'audio/ogg; codecs=opus' : mimetype };
}

function keyOf(chat: string, { id, author }: MessageRef): WAMessageKey {
  const fromMe = author === 'me';
  const isGroup = chat.endsWith('@g.us');
  return { remoteJid: chat, id, fromMe, ...(isGroup && !fromMe && { participant: author }) };
}

function quoting({ id, author }: MessageRef, me: string): proto.IContextInfo {
  const participant = author === 'me' ? me : author;
  return { stanzaId: id, participant, quotedMessage: { conversation: '' } };
}
