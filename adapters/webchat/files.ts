import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type AdapterHost, chatId, type LineFile } from '../../src/contract/index.ts';
import { FILE_LINES } from './capabilities.ts';
import { fileHeaders } from './file-names.ts';
import { dedupeKey } from './inbound.ts';
import type { Uploads } from './uploads.ts';

/** `<line's id>/<place>`. */
const WHICH = /^([\w-]+)\/(\d)$/;

/** Serves a file of a visitor's own conversation, the agent's or one that the visitor sent; nobody else gets it. */
export async function serveFile(
  host: AdapterHost,
  uploads: Uploads,
  which: string,
  request: Request,
  visitor: string,
): Promise<Response> {
  const [, id = '', place = ''] = WHICH.exec(which) ?? [];
  const lines = await host.history(chatId(visitor), FILE_LINES);
  const line = lines.find((one) => one.id === (one.from === 'agent' ? id : dedupeKey(visitor, id)));
  const file = line?.files?.[Number(place)];
  const path = line?.from === 'person' ? uploads.pathOf(visitor, id, Number(place)) : file?.path;
  const opened = file && path && (await open(path).catch(() => undefined));
  if (!opened) return Response.json({ error: 'not found' }, { status: 404 });
  return respond(request, opened, file, `"${id}-${place}"`);
}

/** A line's file never changes; the browser keeps it, but asks each time whether it may still have it. */
async function respond(
  request: Request,
  opened: FileHandle,
  file: LineFile,
  etag: string,
): Promise<Response> {
  const headers = new Headers({ ...fileHeaders(file), 'cache-control': 'private, no-cache', etag });
  const isKnown = request.headers.get('if-none-match') === etag;
  if (isKnown || request.method === 'HEAD') {
    await opened.close();
    return new Response(null, { status: isKnown ? 304 : 200, headers });
  }
  headers.set('content-length', String((await opened.stat()).size));
  return new Response(Readable.toWeb(opened.createReadStream()) as ReadableStream, { headers });
}
