import { type Api, InputFile } from 'grammy';
import type { OutboundFile } from '../../src/contract/index.ts';
import { toSignal } from './client.ts';

/** How a file appears in the chat. */
export type Appearance = 'photo' | 'audio' | 'voice' | 'video' | 'document';

/** https://core.telegram.org/bots/api#sendphoto: at most 10 MB. */
const MAX_PHOTO_BYTES = 10_000_000;

/** What Telegram's apps show or play in the chat (https://core.telegram.org/bots/api#sendaudio and its neighbours). */
const SHOWN: Readonly<Record<string, Appearance>> = {
  'image/jpeg': 'photo',
  'image/png': 'photo',
  'image/webp': 'photo',
  'audio/mp4': 'audio',
  'audio/mpeg': 'audio',
  'audio/x-m4a': 'audio',
  'audio/ogg': 'voice',
  'video/mp4': 'video',
};

/** What is meant to be just a file stays one; so does what Telegram would refuse to show. */
export function appearanceOf({ kind, mime, bytes }: OutboundFile): Appearance {
  const shown = SHOWN[mime.split(';', 1)[0] ?? ''];
  if (kind === 'file' || shown === undefined) return 'document';
  return shown === 'photo' && bytes > MAX_PHOTO_BYTES ? 'document' : shown;
}

/** One upload. `about` says where it goes, and what is written below it. */
export async function upload(
  api: Api,
  appearance: Appearance,
  { path, name }: OutboundFile,
  about: { chat_id: number },
  signal: AbortSignal,
): Promise<{ message_id: number }> {
  const file = new InputFile(path, headerSafe(name));
  const until = toSignal(signal);
  switch (appearance) {
    case 'photo':
      return api.raw.sendPhoto({ ...about, photo: file }, until);
    case 'audio':
      return api.raw.sendAudio({ ...about, audio: file }, until);
    case 'voice':
      return api.raw.sendVoice({ ...about, voice: file }, until);
    case 'video':
      return api.raw.sendVideo({ ...about, video: file }, until);
    case 'document':
      return api.raw.sendDocument({ ...about, document: file }, until);
  }
}

/** grammY writes the name into a header as it is, without quotes. */
function headerSafe(name: string): string {
  return name.replace(/[\p{Cc};"\\]/gu, '_');
}
