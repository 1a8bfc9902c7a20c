import { constants, createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { fromDisk } from '../../src/adapter-kit/index.ts';
import type { OutboundFile } from '../../src/contract/index.ts';

/**
 * A JSON-RPC request whose files are read and encoded only while it is sent, so that none is in memory as a whole.
 * They go themselves, and not by their paths: the daemon may run as another user, or on another machine.
 */
export async function requestBody(
  method: string,
  params: Readonly<Record<string, unknown>>,
  files: readonly OutboundFile[],
  signal: AbortSignal,
): Promise<string | AsyncIterable<Uint8Array>> {
  const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  if (files.length === 0) return request;
  for (const file of files) await fromDisk(file, () => access(file.path, constants.R_OK));
  return encoded(withFiles(request, files, signal));
}

async function* withFiles(
  request: string,
  files: readonly OutboundFile[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield `${request.slice(0, -'}}'.length)},"attachment":[`;
  for (const [index, { path, name, mime }] of files.entries()) {
    const [type] = mime.split(';', 1); // a parameter would end what is taken for the name
    const head = `data:${type};filename=${encodeURIComponent(name.toWellFormed())};base64,`;
    yield `${index === 0 ? '' : ','}${JSON.stringify(head).slice(0, -1)}`;
    // `fetch` lets go of a body that it gives up, and does not end it.
    yield* base64Of(createReadStream(path, { signal }));
    yield '"';
  }
  yield ']}}';
}

/** In pieces of whole groups of three bytes, since padding ends the text. */
async function* base64Of(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of content) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString('base64', 0, whole);
    rest = bytes.subarray(whole);
  }
  yield rest.toString('base64');
}

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield Buffer.from(piece);
}
