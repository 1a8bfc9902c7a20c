import { type Api, InputFile } from 'grammy';
import type { InputMediaDocument } from 'grammy/types';
import { ChannelError, type OutboundFile } from '../../src/contract/index.ts';
import { toSignal } from './client.ts';

/** How a file appears in the chat. */
export type Appearance = 'photo' | 'audio' | 'voice' | 'video' | 'document';

export interface Upload {
  readonly file: OutboundFile;
  readonly as: Appearance;
}

/** What Telegram tells of a message that it has accepted. */
export interface Sent {
  readonly message_id: number;
}

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

/** How the files of one message appear. Several are an album, in which only photos and films mix. */
export function uploadsOf(files: readonly OutboundFile[]): readonly Upload[] {
  const uploads = files.map((file) => ({ file, as: appearanceOf(file) }));
  const fit = uploads.length === 1 || uploads.every(({ as }) => as === 'photo' || as === 'video');
  return fit ? uploads : asDocuments(uploads);
}

export function asDocuments(uploads: readonly Upload[]): readonly Upload[] {
  return uploads.map(({ file }) => ({ file, as: 'document' }));
}

/** What is meant to be just a file stays one; so does what Telegram would refuse to show. */
function appearanceOf({ kind, mime, bytes }: OutboundFile): Appearance {
  const shown = SHOWN[mime.split(';', 1)[0] ?? ''];
  if (kind === 'file' || shown === undefined) return 'document';
  return shown === 'photo' && bytes > MAX_PHOTO_BYTES ? 'document' : shown;
}

/** One file. `about` says where it goes, and what stands below it. */
export async function upload(
  api: Api,
  { file, as }: Upload,
  about: { chat_id: number },
  signal: AbortSignal,
): Promise<Sent> {
  const input = inputOf(file);
  const until = toSignal(signal);
  switch (as) {
    case 'photo':
      return api.raw.sendPhoto({ ...about, photo: input }, until);
    case 'audio':
      return api.raw.sendAudio({ ...about, audio: input }, until);
    case 'voice':
      return api.raw.sendVoice({ ...about, voice: input }, until);
    case 'video':
      return api.raw.sendVideo({ ...about, video: input }, until);
    case 'document':
      return api.raw.sendDocument({ ...about, document: input }, until);
  }
}

/** Several files as one album. Each is a message of its own; the first one's caption and id stand for all. */
export async function uploadAlbum(
  api: Api,
  uploads: readonly Upload[],
  about: { chat_id: number },
  caption: object,
  signal: AbortSignal,
): Promise<Sent> {
  const media = uploads.map(({ file, as }, index) => ({
    type: as,
    media: inputOf(file),
    ...(index === 0 && caption),
    // Its type does not know which of them mix; `uploadsOf` does.
  })) as InputMediaDocument[];
  const [first] = await api.raw.sendMediaGroup({ ...about, media }, toSignal(signal));
  if (first === undefined) throw new ChannelError('unavailable', 'Telegram did not tell what it has sent');
  return first;
}

function inputOf({ path, name }: OutboundFile): InputFile {
  return new InputFile(path, headerSafe(name));
}

/** grammY writes the name into a header as it is, without quotes. */
function headerSafe(name: string): string {
  return name.replace(/[\p{Cc};"\\]/gu, '_');
}
