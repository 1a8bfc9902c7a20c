import type { Attachment } from '../../src/contract/index.ts';
import type { Message } from './updates.ts';

/** The fields that hold a file. An animation is sent as a document too, so it comes first. */
const FILES = [
  ['animation', 'video'],
  ['audio', 'audio'],
  ['document', 'file'],
  ['video', 'video'],
  ['video_note', 'video'],
  ['voice', 'audio'],
] as const;

/** What came with a message; on Telegram that is one thing at most. */
export function attachmentOf(message: Message): Attachment | undefined {
  for (const [field, kind] of FILES) {
    const file = message[field];
    if (file !== undefined) return describe(kind, file);
  }
  const { photo, sticker, contact, venue, location, poll, dice } = message;
  // The same picture in several sizes, the largest last.
  const largest = photo?.at(-1);
  if (largest !== undefined) return describe('image', largest);
  if (sticker !== undefined) return describe('sticker', { ...sticker, title: sticker.emoji });
  if (contact !== undefined) {
    return named(
      'contact',
      [contact.first_name, contact.last_name, contact.phone_number].filter(Boolean).join(' '),
    );
  }
  // A venue has a location too.
  if (venue !== undefined) return named('location', `${venue.title}, ${venue.address}`);
  if (location !== undefined) return named('location', `${location.latitude}, ${location.longitude}`);
  if (poll !== undefined) return named('other', poll.question);
  if (dice !== undefined) return named('other', dice.emoji);
  return undefined;
}

function named(kind: Attachment['kind'], name: string | undefined): Attachment {
  return name === undefined ? { kind } : { kind, name };
}

function describe(kind: Attachment['kind'], file: NonNullable<Message['document']>): Attachment {
  const { file_id, file_name, title, mime_type, file_size } = file;
  return {
    ...named(kind, file_name ?? title),
    ...(mime_type !== undefined && { mime: mime_type }),
    ...(file_size !== undefined && { bytes: file_size }),
    ref: file_id,
  };
}
