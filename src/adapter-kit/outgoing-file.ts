import { openAsBlob } from 'node:fs';
import { ChannelError, type OutboundFile } from '../contract/index.ts';

/** The reading of a file that is to be sent. What cannot be read now cannot be read later, so it is `rejected`. */
export async function fromDisk<T>({ name }: OutboundFile, reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (cause) {
    throw new ChannelError('rejected', `the file ${name} cannot be read`, { cause });
  }
}

/** A file that is to be sent, as a body for `fetch`, which reads it piece by piece. */
export function blobOf(file: OutboundFile): Promise<Blob> {
  return fromDisk(file, () => openAsBlob(file.path, { type: file.mime }));
}
