import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file that the page loads, read when it is first asked for and kept, packed and unpacked. */
export interface Asset {
  respond(request: Request): Promise<Response>;
}

const pack = promisify(gzip);

/**
 * Browsers keep the file, but ask each time whether it is still the one: so a page never mixes
 * the files of two versions of the gateway.
 */
export function asset(url: URL, type: string): Asset {
  let loading: Promise<Loaded> | undefined;

  return {
    async respond(request) {
      loading ??= load(url);
      const { plain, packed, etag } = await loading.catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      const headers = new Headers({ 'cache-control': 'no-cache', etag, vary: 'accept-encoding' });
      if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
      headers.set('content-type', type);
      if (!request.headers.get('accept-encoding')?.includes('gzip')) return new Response(plain, { headers });
      headers.set('content-encoding', 'gzip');
      return new Response(packed, { headers });
    },
  };
}

interface Loaded {
  readonly plain: Buffer<ArrayBuffer>;
  readonly packed: Buffer<ArrayBuffer>;
  readonly etag: string;
}

async function load(url: URL): Promise<Loaded> {
  const plain = await readFile(url);
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { plain, packed: await pack(plain), etag };
}
