import type { WebClient } from '@slack/web-api';
import { blobOf, unseen, within } from '../../src/adapter-kit/index.ts';
import { ChannelError, type OutboundFile } from '../../src/contract/index.ts';
import { waitFor } from './calls.ts';
import { TRANSFER_TIMEOUT_MS } from './capabilities.ts';
import { toChannelError } from './errors.ts';
import type { Place } from './places.ts';

/** Shares files in one message. Only the last of the steps shows anything to anybody; it cannot carry our id. */
export async function share(
  web: WebClient,
  { channel, thread }: Place,
  text: string,
  files: readonly OutboundFile[],
  signal: AbortSignal,
): Promise<void> {
  const handedOver: { id: string; title: string }[] = [];
  for (const file of files) {
    const id = await unseen(handOver(web, file, signal));
    handedOver.push({ id, title: file.name });
  }
  const sharing = web.files.completeUploadExternal({
    files: handedOver,
    channel_id: channel,
    ...(text !== '' && { initial_comment: text }),
    ...(thread !== undefined && { thread_ts: thread }),
  } as Parameters<typeof web.files.completeUploadExternal>[0]);
  await waitFor(sharing, signal);
}

async function handOver(web: WebClient, file: OutboundFile, signal: AbortSignal): Promise<string> {
  const slot = web.files.getUploadURLExternal({ filename: file.name, length: file.bytes });
  const { upload_url, file_id } = await waitFor(slot, signal);
  if (upload_url === undefined || file_id === undefined) {
    throw new ChannelError('unavailable', 'Slack gave no place for the file');
  }
  const answer = await fetch(upload_url, {
    method: 'POST',
    body: await blobOf(file),
    redirect: 'error',
    signal: within(TRANSFER_TIMEOUT_MS, signal),
  }).catch((error: unknown) => {
    throw toChannelError(error);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new ChannelError('unavailable', `Slack did not take the file (${answer.status})`);
  return file_id;
}
