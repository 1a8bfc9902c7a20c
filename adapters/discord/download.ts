import { fetchFile, within } from '../../src/adapter-kit/index.ts';
import { type Attachment, ChannelError, type ChannelErrorKind } from '../../src/contract/index.ts';

/** Where Discord keeps the files of messages. Their links are signed: no credentials of ours go there. */
const FILE_SERVERS = ['https://cdn.discordapp.com', 'https://media.discordapp.net'];

/** Long enough for the largest file on a slow line. */
const TIMEOUT_MS = 5 * 60_000;

const KINDS: Readonly<Record<number, ChannelErrorKind>> = {
  401: 'rejected',
  403: 'rejected',
  404: 'rejected',
  429: 'rate_limited',
};

/** Fetches a file from Discord's own servers (or the host of `api_url`), and from nowhere that those might lead to. */
export async function download(
  { ref }: Attachment,
  apiUrl: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const url = ref === undefined ? null : URL.parse(ref);
  if (url === null || ![...FILE_SERVERS, new URL(apiUrl).origin].includes(url.origin)) {
    throw new ChannelError('rejected', "the attachment is not on Discord's servers");
  }
  return fetchFile(
    url,
    { signal: within(TIMEOUT_MS, signal) },
    (cause) => new ChannelError('network', 'the attachment could not be fetched', { cause }),
    refused,
  );
}

function refused(status: number): ChannelError {
  const hint = 'Links to files hold for about a day: ask for the file again.';
  return new ChannelError(
    KINDS[status] ?? 'unavailable',
    `Discord's file server answers ${status}`,
    status === 404 ? { hint } : {},
  );
}
