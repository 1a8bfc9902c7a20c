import { createReadStream } from 'node:fs';
import {
  ChannelError,
  type OutboundFile,
  type OutboundMessage,
  platformMessageId,
  type SendReceipt,
} from '../../src/contract/index.ts';
import type { Api, Content } from './api.ts';
import { MAX_IMAGE_BYTES } from './capabilities.ts';
import { isAboutMarkup, isGone } from './errors.ts';
import { asContent, asWritten, type Line, toLines } from './format.ts';
import { fromChatId } from './inbound.ts';
import type { Watermarks } from './watermarks.ts';

/** The id goes along as `uuid`: by it Feishu knows a message that it has accepted within the last hour. */
export async function send(
  api: Api,
  message: OutboundMessage,
  marks: Watermarks,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const { id, body, file } = message;
  const say = (content: Content, uuid: string) => deliver(api, message, content, uuid, marks, signal);
  if (file === undefined) return say(asPost(toLines(body.text)), id).catch(inPlainWords);
  const caption = toLines(body.text);
  const isImage = file.kind === 'image' && file.bytes <= MAX_IMAGE_BYTES;
  const key = await upload(api, file, isImage, signal);
  if (isImage) return say(asPost([[{ tag: 'img', image_key: key }], ...caption]), id);
  // Other files have no captions: it goes before, as a message of its own.
  if (caption.length > 0) await say(asPost(caption), `${id}-caption`).catch(inPlainWords);
  return say(asFile(file, key), id);

  function inPlainWords(error: unknown): Promise<SendReceipt> {
    if (body.plain === undefined || !isAboutMarkup(error)) throw error;
    return say(asPost(asWritten(body.plain)), file === undefined ? id : `${id}-caption`);
  }
}

/** Into the chat, as an answer if there is something to answer. */
async function deliver(
  api: Api,
  { chat: { id }, replyTo }: OutboundMessage,
  content: Content,
  uuid: string,
  marks: Watermarks,
  signal: AbortSignal,
): Promise<SendReceipt> {
  const { chat, thread } = fromChatId(id);
  const inThread = thread !== undefined;
  // Into a thread leads only an answer to one of its messages.
  const targets = inThread ? [() => marks.get(id)?.last, () => api.lastOf(thread, signal)] : [];
  for (const find of [() => replyTo, ...targets]) {
    const target = await find();
    if (target === undefined) continue;
    try {
      return receipt(await api.reply(target, content, uuid, inThread, signal));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  if (inThread) throw new ChannelError('rejected', 'the thread is gone');
  return receipt(await api.create(chat, content, uuid, signal));
}

/** Whatever goes wrong here, nothing was said yet. */
async function upload(api: Api, file: OutboundFile, isImage: boolean, signal: AbortSignal): Promise<string> {
  const open = () => createReadStream(file.path);
  try {
    if (isImage) return await api.upload('image', { image_type: 'message' }, open, signal);
    const fields = { file_type: FILE_TYPES[extension(file)] ?? 'stream', file_name: file.name };
    return await api.upload('file', fields, open, signal);
  } catch (thrown) {
    const error = ChannelError.from(thrown);
    throw error.certain ? error : new ChannelError(error.kind, error.message, { ...error, certain: true });
  }
}

/** What Feishu can play or preview (server-docs/im-v1/file/create); all else is a `stream`. */
const FILE_TYPES: Readonly<Record<string, string>> = {
  opus: 'opus',
  mp4: 'mp4',
  pdf: 'pdf',
  doc: 'doc',
  docx: 'doc',
  xls: 'xls',
  xlsx: 'xls',
  ppt: 'ppt',
  pptx: 'ppt',
};

function asFile(file: OutboundFile, file_key: string): Content {
  const types: Readonly<Record<string, Content['type']>> = { opus: 'audio', mp4: 'media' };
  return { type: types[extension(file)] ?? 'file', content: JSON.stringify({ file_key }) };
}

function extension({ name }: OutboundFile): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

function asPost(lines: readonly Line[]): Content {
  return { type: 'post', content: asContent(lines) };
}

function receipt(id: string): SendReceipt {
  return { platformId: platformMessageId(id) };
}
