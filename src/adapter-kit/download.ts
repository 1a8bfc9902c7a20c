import type { ChannelError } from '../contract/index.ts';

/** The pieces of a file as they come; `broken` says what is thrown when they stop coming. */
export async function* piecesOf(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  broken: (error: unknown) => ChannelError,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw broken(error);
  }
}

/** A file from a server of the platform, and from nowhere that this might lead to. `refused` says what a status means. */
export async function fetchFile(
  url: string | URL,
  init: { readonly headers?: Record<string, string>; readonly signal: AbortSignal },
  broken: (error: unknown) => ChannelError,
  refused: (status: number) => ChannelError,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(url, { ...init, redirect: 'manual' }).catch((error: unknown) => {
    throw broken(error);
  });
  if (response.ok && response.body !== null) return piecesOf(response.body, broken);
  await response.body?.cancel();
  throw refused(response.status);
}
