import { piecesOf } from '../../src/adapter-kit/index.ts';
import { type Attachment, ChannelError } from '../../src/contract/index.ts';
import type { Api } from './api.ts';
import { noAnswer } from './errors.ts';

/** The bytes of an attachment, piece by piece; its `ref` is `<message>/<type>/<key>`. */
export async function download(
  api: Api,
  { ref = '' }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const [message, type, key] = ref.split('/');
  if (!message || !type || !key) throw new ChannelError('rejected', 'this attachment cannot be fetched');
  return piecesOf(await api.resource(message, type, key, signal), noAnswer);
}
