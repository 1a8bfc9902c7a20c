import { readFile } from 'node:fs/promises';
import type { RawFile } from '@discordjs/rest';
import { fromDisk } from '../../src/adapter-kit/index.ts';
import { ChannelError, type OutboundFile } from '../../src/contract/index.ts';
import { MAX_REQUEST_BYTES } from './capabilities.ts';

/** Files as they go with one message. Discord's apps show pictures side by side, and play sound and video. */
export async function uploads(files: readonly OutboundFile[]): Promise<RawFile[]> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MAX_REQUEST_BYTES) {
    throw new ChannelError('rejected', `the ${files.length} files of one message have ${bytes} bytes`, {
      hint: `Discord takes ${MAX_REQUEST_BYTES} bytes in one message: send fewer files at once.`,
    });
  }
  return Promise.all(files.map(upload));
}

async function upload(file: OutboundFile): Promise<RawFile> {
  return { name: file.name, contentType: file.mime, data: await fromDisk(file, () => readFile(file.path)) };
}
