import type { LineFile } from '../../src/contract/index.ts';

/** Pictures that every browser shows, and that can hold no script. An SVG can; it is downloaded, like all else. */
const PICTURE = /^image\/(png|jpeg|gif|webp)$/;

const MIME = /^[\w.+-]+\/[\w.+-]+$/;
const LONGEST_NAME = 150;

/** A file's name as people may see it: one line, no path, and nothing that turns its end (`gpj.exe`) around. */
export function shownName(name = 'file'): string {
  const plain = name.toWellFormed().replace(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069/\\]/gu, '_');
  return [...plain].slice(0, LONGEST_NAME).join('');
}

/** The headers that say what a file is; only pictures open in the browser. The rest is in case one opens after all. */
export function fileHeaders({ name, mime = '' }: Pick<LineFile, 'name' | 'mime'>): Record<string, string> {
  const encoded = encodeURIComponent(shownName(name)).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  const disposition = PICTURE.test(mime) ? 'inline' : 'attachment';
  return {
    'content-type': MIME.test(mime) ? mime : 'application/octet-stream',
    'content-disposition': `${disposition}; filename*=UTF-8''${encoded}`,
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  };
}
