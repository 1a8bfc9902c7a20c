import { open } from 'node:fs/promises';

/** So much of a file tells what it is. */
const SAMPLE_BYTES = 8_192;

export interface FileKind {
  readonly mime: string;
  /** Without the dot. */
  readonly extension: string;
}

const TEXT: FileKind = { mime: 'text/plain', extension: 'txt' };
const UNKNOWN: FileKind = { mime: 'application/octet-stream', extension: 'bin' };
/** Texts have no marks of their own: their extension may say which kind of text they are, since as a text it is harmless. */
const TEXTS: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  md: 'text/markdown',
  svg: 'image/svg+xml',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
};

/** What a file is, by its content and not by what it is called. Rejects when it cannot be read. */
export async function kindOf(path: string, name = ''): Promise<FileKind> {
  const sample = await sampleOf(path);
  const { fileTypeFromBuffer } = await import('file-type');
  const known = await fileTypeFromBuffer(sample).catch(() => undefined);
  if (known !== undefined && known.ext !== 'xml') return { mime: known.mime, extension: known.ext };
  if (!isText(sample)) return UNKNOWN;
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const mime = TEXTS[extension];
  return mime === undefined ? TEXT : { mime, extension };
}

export function coarseKindOf(mime: string): 'image' | 'audio' | 'video' | 'file' {
  // An SVG is a program as well as a picture, and no chat app shows one.
  if (mime.startsWith('image/') && mime !== 'image/svg+xml') return 'image';
  if (mime.startsWith('audio/')) return 'audio';
  return mime.startsWith('video/') ? 'video' : 'file';
}

async function sampleOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** UTF-8 without control characters; the sample may end within a character. */
function isText(sample: Buffer): boolean {
  const text = new TextDecoder('utf-8', { fatal: true });
  try {
    return !/\p{Cc}/u.test(text.decode(sample, { stream: true }).replaceAll(/\s/g, ''));
  } catch {
    return false;
  }
}
