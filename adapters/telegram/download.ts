import type { IncomingMessage } from 'node:http';
import { isAbsolute } from 'node:path';
import { GrammyError } from 'grammy';
import { piecesOf } from '../../src/adapter-kit/index.ts';
import { type Attachment, ChannelError } from '../../src/contract/index.ts';
import { type TelegramClient, toSignal } from './client.ts';
import { noAnswer, toChannelError } from './errors.ts';

/**
 * The bytes of an attachment, piece by piece. Telegram tells where a file is for about an hour
 * (https://core.telegram.org/bots/api#getfile), so it is asked anew each time.
 */
export async function download(
  client: TelegramClient,
  { ref }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (ref === undefined) throw new ChannelError('rejected', 'there is no file to fetch');
  const path = await pathOf(client, ref, signal);
  const response = await client.file(path, signal).catch((error: unknown) => {
    throw broken(error);
  });
  if (response.statusCode === 200) return piecesOf(response, broken);
  response.destroy();
  throw refused(response);
}

async function pathOf({ api }: TelegramClient, id: string, signal: AbortSignal): Promise<string> {
  let path: string | undefined;
  try {
    path = (await api.getFile(id, toSignal(signal))).file_path;
  } catch (error) {
    // Telegram has no code for this, only words.
    if (error instanceof GrammyError && /file is too big/i.test(error.description)) {
      throw new ChannelError('rejected', 'Telegram gives bots no file of more than 20 MB', {
        hint: 'ask for a smaller file, or for a link to it',
      });
    }
    throw toChannelError('getFile', error);
  }
  if (path === undefined) throw new ChannelError('unavailable', 'Telegram did not tell where the file is');
  if (isAbsolute(path)) {
    throw new ChannelError('rejected', 'the Bot API server at `api_root` keeps files to itself', {
      hint: 'start that server without --local, so that files can be fetched from it',
    });
  }
  return path;
}

const broken = (error: unknown) => noAnswer('download', error);

/** What is refused here is a link that is too old; there will be a new one next time. */
function refused({ statusCode, headers }: IncomingMessage): ChannelError {
  const seconds = Number(headers['retry-after']);
  return new ChannelError(
    statusCode === 429 ? 'rate_limited' : 'unavailable',
    `Telegram answered the request for a file with ${statusCode}`,
    { certain: true, ...(seconds > 0 && { retryAfterMs: seconds * 1000 }) },
  );
}
