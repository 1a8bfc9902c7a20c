import { createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  AgentError,
  type Attachment,
  ChannelError,
  type InboundId,
  type InboundMessage,
  type SessionId,
} from '../../contract/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { AttachmentOptions } from '../options.ts';
import { kindOf } from './file-kind.ts';
import { type Shelved, shelve, type Workspaces } from './workspaces.ts';

/** The longest that fetching one file may take, in milliseconds. */
const FETCH_TIMEOUT_MS = 120_000;

/**
 * Fetches what came with a message into the workspace of its session, so that an agent finds files and not promises.
 * What is too large, of a kind that is not wanted, or gone, is refused with a reason; the message is answered all the same.
 */
export class Attachments {
  readonly #workspaces: Workspaces;
  readonly #options: AttachmentOptions;
  readonly #disk: { readonly isLow: boolean };

  constructor(workspaces: Workspaces, options: AttachmentOptions, disk: { readonly isLow: boolean }) {
    this.#workspaces = workspaces;
    this.#options = options;
    this.#disk = disk;
  }

  /**
   * The message, with each attachment `stored` or `refused`. Known files are not fetched again.
   * Rejects with a temporary AgentError when one could not be fetched this time, unless this is the `last` time.
   */
  async fetch(
    message: InboundMessage,
    about: { id: InboundId; session: SessionId; channel: Channel; last: boolean; signal: AbortSignal },
  ): Promise<InboundMessage> {
    if (message.attachments === undefined || message.attachments.length === 0) return message;
    const attachments: Attachment[] = [];
    for (const [index, attachment] of message.attachments.entries()) {
      attachments.push(await this.#one(attachment, index, about));
    }
    return { ...message, attachments };
  }

  async #one(
    attachment: Attachment,
    index: number,
    { id, session, channel, last, signal }: Parameters<Attachments['fetch']>[1],
  ): Promise<Attachment> {
    const { adapter } = channel;
    if (attachment.ref === undefined || adapter.download === undefined) return attachment;
    if (this.#disk.isLow) return { ...attachment, refused: 'the disk of the gateway is nearly full' };
    const { maxBytes, maxFiles } = this.#options;
    if (index >= maxFiles)
      return { ...attachment, refused: `only ${maxFiles} files of a message are fetched` };
    if ((attachment.bytes ?? 0) > maxBytes) return { ...attachment, refused: tooLarge(maxBytes) };
    const shelf = this.#workspaces.shelfOf(session, 'in');
    const key = `${id}-${index}`;
    try {
      const { path, mime } =
        (await known(shelf, key, attachment)) ??
        (await this.#download(attachment, shelf, key, channel, signal));
      if (!this.#isWanted(mime)) {
        await rm(path, { force: true });
        return { ...attachment, refused: `files of the type ${mime} are not taken` };
      }
      return { ...attachment, stored: { path, mime, bytes: (await stat(path)).size } };
    } catch (thrown) {
      if (thrown instanceof TooLarge) return { ...attachment, refused: tooLarge(maxBytes) };
      const error = ChannelError.from(thrown);
      if (error.kind === 'rejected')
        return { ...attachment, refused: 'the platform does not have it any more' };
      if (last) return { ...attachment, refused: 'it could not be fetched' };
      throw new AgentError(`a file that came along could not be fetched: ${error.message}`, {
        temporary: true,
        cause: error,
        ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
      });
    }
  }

  async #download(
    attachment: Attachment,
    shelf: string,
    key: string,
    { adapter }: Channel,
    stop: AbortSignal,
  ): Promise<Fetched> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(FETCH_TIMEOUT_MS)]);
    const part = join(shelf, `.${key}.part`);
    try {
      const content = await adapter.download?.(attachment, signal);
      if (content === undefined) throw new ChannelError('rejected', 'there is nothing to fetch');
      await pipeline(limited(content, this.#options.maxBytes), createWriteStream(part, { mode: 0o600 }), {
        signal,
      });
      return await shelve(part, key, attachment.name);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  #isWanted(mime: string): boolean {
    return this.#options.types.some((wanted) =>
      wanted.endsWith('/*') ? mime.startsWith(wanted.slice(0, -1)) : mime === wanted,
    );
  }
}

type Fetched = Pick<Shelved, 'path' | 'mime'>;

class TooLarge extends Error {}

/** The pieces, up to a number of bytes, whatever the platform said of the size. */
async function* limited(content: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new TooLarge();
    yield piece;
  }
}

/** A file that an earlier run of the turn has fetched. */
async function known(shelf: string, key: string, attachment: Attachment): Promise<Fetched | undefined> {
  const name = (await readdir(shelf)).find((file) => file.startsWith(`${key}-`));
  if (name === undefined) return undefined;
  const path = join(shelf, name);
  return { path, mime: (await kindOf(path, attachment.name)).mime };
}

function tooLarge(maxBytes: number): string {
  return `it is larger than ${Math.floor(maxBytes / 1_000_000)} MB`;
}
