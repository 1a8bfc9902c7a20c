import { z } from 'zod';
import { PIECE_BYTES } from './capabilities.ts';
import type { Uploads } from './uploads.ts';

/**
 * One piece of a file. Pieces, because a whole file would be too large for the server, for many a proxy, and for what
 * a phone can upload before it loses its connection; JSON, because other sites cannot post that.
 */
const piece = z.object({
  /** Of the file; made by the page. */
  id: z.uuid(),
  /** Where the piece belongs, in bytes. */
  offset: z.int().nonnegative(),
  data: z.base64().max(Math.ceil(PIECE_BYTES / 3) * 4),
});

/** Tells how many bytes of the file are there: after 200 the piece is, after 409 others have to come before it. */
export async function takePiece(request: Request, uploads: Uploads, visitor: string): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405 });
  const { data: given } = piece.safeParse(await request.json().catch(() => undefined));
  if (given === undefined) return Response.json({ error: 'This is no piece of a file.' }, { status: 400 });
  const content = Buffer.from(given.data, 'base64');
  const { status, ...told } = await uploads.write(visitor, given.id, given.offset, content);
  return Response.json(told, { status });
}
