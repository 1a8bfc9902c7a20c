import { Refusal } from './refusal.ts';

/** The largest body that a channel gets: WhatsApp's and Slack's webhooks stay far below it. */
export const MAX_BODY_BYTES = 1_000_000;

/**
 * The request with its body read whole and unchanged, byte for byte as it was signed; or why it is not read.
 * A compressed body is refused: it would not be what was signed, and could grow without end.
 */
export async function withBody(request: Request, maxBytes: number): Promise<Request | Refusal> {
  if (request.body === null) return request;
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    return new Refusal(415, 'compressed bodies are not read');
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > maxBytes) return new Refusal(413, `the body is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: Buffer.concat(chunks),
    signal: request.signal,
  });
}

/** Forms and plain text can be posted by any web page without asking; JSON cannot. */
export function isJson(request: Request): boolean {
  const type = request.headers.get('content-type')?.split(';', 1)[0];
  return type?.trim().toLowerCase() === 'application/json';
}
