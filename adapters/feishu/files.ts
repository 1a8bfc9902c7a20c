import { createReadStream } from 'node:fs';
import { unseen } from '../../src/adapter-kit/index.ts';
import type { OutboundFile } from '../../src/contract/index.ts';
import type { Content } from './api.ts';
import { MAX_IMAGE_BYTES } from './capabilities.ts';
import type { Attempt } from './deliver.ts';

/** What can stand within a text. */
export function isPicture({ kind, bytes }: OutboundFile): boolean {
  return kind === 'image' && bytes <= MAX_IMAGE_BYTES;
}

/** What Feishu can play or preview (server-docs/im-v1/file/create); all else is a `stream`. */
const FILE_TYPES: Readonly<Record<string, string>> = {
  opus: 'opus',
  ogg: 'opus',
  oga: 'opus',
  mp4: 'mp4',
  pdf: 'pdf',
  doc: 'doc',
  docx: 'doc',
  xls: 'xls',
  xlsx: 'xls',
  ppt: 'ppt',
  pptx: 'ppt',
};
const MESSAGE_TYPES: Readonly<Record<string, Content['type']>> = { opus: 'audio', mp4: 'media' };

/** Uploads a picture; resolves with the key by which texts and cards refer to it. */
export function uploadPicture({ api, signal }: Attempt, { path }: OutboundFile): Promise<string> {
  return unseen(api.upload('image', { image_type: 'message' }, () => createReadStream(path), signal));
}

/** Uploads a file; resolves with what is sent then: a voice message, a video, or the file. */
export async function uploadFile({ api, signal }: Attempt, { path, name }: OutboundFile): Promise<Content> {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const file_type = FILE_TYPES[extension] ?? 'stream';
  const fields = { file_type, file_name: name };
  const file_key = await unseen(api.upload('file', fields, () => createReadStream(path), signal));
  return { type: MESSAGE_TYPES[file_type] ?? 'file', content: JSON.stringify({ file_key }) };
}
