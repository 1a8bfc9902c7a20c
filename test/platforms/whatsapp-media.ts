import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { proto } from '@whiskeysockets/baileys';
import { selfSigned } from './whatsapp-certificate.ts';

const certificate = selfSigned();
/** What a client of the media server must trust. */
export const CERTIFICATE = certificate.cert;

const AUTH = 'media+auth=';

/** The servers that hold sealed files for a while, and cannot open them. */
export class MediaServer {
  readonly #files = new Map<string, Buffer>();
  /** Files that have expired here; phones may still have them. */
  readonly #expired = new Map<string, Buffer>();
  readonly #server = createServer(certificate, (request, response) => void this.#answer(request, response));
  #breakOff = false;
  #fault: number | undefined;
  /** How many files were uploaded by clients. */
  uploads = 0;

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get auth(): string {
    return AUTH;
  }

  /** Keeps a sealed file, and gives its path. */
  put(sealed: Buffer): string {
    const path = `/v/t62/${randomBytes(8).toString('hex')}?ccb=1`;
    this.#files.set(path, sealed);
    return path;
  }

  at(path: string): Buffer {
    const found = this.#files.get(path);
    if (found === undefined) throw new Error('the media server does not have this file');
    return found;
  }

  /** Every file that is here expires. */
  expire(): void {
    for (const [path, file] of this.#files) this.#expired.set(path, file);
    this.#files.clear();
  }

  /** A phone uploads once more what was at this path. */
  putAgain(path: string): string {
    return this.put(this.#expired.get(path) ?? this.at(path));
  }

  /** The next download ends in the middle. */
  breakOff(): void {
    this.#breakOff = true;
  }

  /** The next upload or download is refused. */
  refuseNext(status: number): void {
    this.#fault = status;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.#fault;
    this.#fault = undefined;
    const url = new URL(request.url ?? '', `https://${this.host}`);
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    if (fault !== undefined) return void response.writeHead(fault).end();
    if (request.method === 'POST') return this.#take(url, body, response);
    const file = this.#files.get(request.url ?? '');
    if (file === undefined) return void response.writeHead(410).end();
    if (!this.#breakOff) return void response.end(file);
    this.#breakOff = false;
    response.writeHead(200, { 'content-length': file.length });
    response.write(file.subarray(0, file.length / 2), () => response.destroy());
  }

  #take(url: URL, body: Buffer, response: ServerResponse): void {
    const [, , , token = ''] = url.pathname.split('/');
    const isWhole = decodeURIComponent(token) === sha256(body).toString('base64url');
    if (!/^\/mms\/(image|video|audio|document)\//.test(url.pathname) || !isWhole)
      return void response.writeHead(400).end();
    if (url.searchParams.get('auth') !== AUTH) return void response.writeHead(401).end();
    this.uploads += 1;
    const path = this.put(body);
    response.end(JSON.stringify({ url: `https://${this.host}${path}`, direct_path: path }));
  }
}

const KEY_NAMES = { image: 'Image', video: 'Video', audio: 'Audio', document: 'Document', sticker: 'Image' };
export type MediaType = keyof typeof KEY_NAMES;

/** What the fields of all kinds of files have in common. */
export type MediaFields = Pick<
  proto.Message.IDocumentMessage,
  'mediaKey' | 'directPath' | 'fileSha256' | 'fileEncSha256' | 'fileLength' | 'mimetype' | 'url'
>;

/** Encrypts a file with a key of its own, as the sender's phone does. */
export function seal(type: MediaType, content: Buffer) {
  const mediaKey = randomBytes(32);
  const { iv, key, macKey } = keysOf(type, mediaKey);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const inner = Buffer.concat([cipher.update(content), cipher.final()]);
  const sealed = Buffer.concat([inner, macOf(macKey, iv, inner)]);
  const hashes = { fileSha256: sha256(content), fileEncSha256: sha256(sealed) };
  return { sealed, fields: { mediaKey, fileLength: content.length, ...hashes } };
}

/** Decrypts a file as the reader's phone does, which believes nothing that does not add up. */
export function unseal(type: MediaType, { mediaKey, ...fields }: MediaFields, sealed: Buffer): Buffer {
  const { iv, key, macKey } = keysOf(type, Buffer.from(mediaKey ?? []));
  const inner = sealed.subarray(0, -10);
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  if (!macOf(macKey, iv, inner).equals(sealed.subarray(-10))) throw new Error('the seal is broken');
  const content = Buffer.concat([decipher.update(inner), decipher.final()]);
  const isTold =
    sha256(sealed).equals(fields.fileEncSha256 ?? Buffer.alloc(0)) &&
    sha256(content).equals(fields.fileSha256 ?? Buffer.alloc(0)) &&
    content.length === Number(fields.fileLength);
  if (!isTold) throw new Error('the file is not the one that the message tells of');
  return content;
}

function keysOf(type: MediaType, mediaKey: Buffer) {
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, '', `WhatsApp ${KEY_NAMES[type]} Keys`, 112));
  return { iv: keys.subarray(0, 16), key: keys.subarray(16, 48), macKey: keys.subarray(48, 80) };
}

function macOf(macKey: Buffer, iv: Buffer, inner: Buffer): Buffer {
  return createHmac('sha256', macKey).update(iv).update(inner).digest().subarray(0, 10);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
