import type { FakeRequest, Reply } from './fake-http.ts';

export interface SlackFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  mode: string;
  url_private: string;
  url_private_download: string;
}

/** The files of a workspace, and the ways in and out for their bytes. */
export class SlackFiles {
  /** Where links to files lead; by default to where they are. */
  origin: string | undefined;
  readonly #kept = new Map<string, { file: SlackFile; bytes: Buffer }>();

  /** `at` is the address of the server that hands them out. */
  add(at: string, name: string, mimetype: string, size: number, bytes: Buffer = Buffer.alloc(0)): SlackFile {
    const id = `F0FILE${this.#kept.size + 1}`;
    const address = `${this.origin ?? at}/files-pri/${id}/download/${encodeURIComponent(name)}`;
    const file: SlackFile = {
      id,
      name,
      title: name,
      mimetype,
      size,
      mode: 'hosted',
      url_private: address,
      url_private_download: address,
    };
    this.#kept.set(id, { file, bytes });
    return file;
  }

  get(id: string): SlackFile | undefined {
    return this.#kept.get(id)?.file;
  }

  bytesOf(id: string): Buffer | undefined {
    return this.#kept.get(id)?.bytes;
  }

  /** An upload, which must be as long as was said before. */
  take({ url, rawBody }: FakeRequest): Reply {
    const kept = this.#kept.get(url.pathname.split('/').at(-1) ?? '');
    if (kept === undefined || kept.file.size !== rawBody.length) return { status: 400, body: 'wrong length' };
    kept.bytes = rawBody;
    return { status: 200, body: `OK - ${rawBody.length}` };
  }

  /** A download. Who does not show the token is sent to the login page. */
  give({ url, headers, response }: FakeRequest, token: string): Reply {
    if (headers.authorization !== `Bearer ${token}`) {
      return { status: 302, body: '', headers: { location: `${url.origin}/login` } };
    }
    const bytes = this.bytesOf(url.pathname.split('/')[2] ?? '');
    if (bytes === undefined) return { status: 404, body: '' };
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
    return undefined as never;
  }
}
