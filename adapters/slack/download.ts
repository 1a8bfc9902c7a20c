import type { WebClient } from '@slack/web-api';
import { fetchFile, within } from '../../src/adapter-kit/index.ts';
import { type Attachment, ChannelError } from '../../src/contract/index.ts';
import { waitFor } from './calls.ts';
import { TRANSFER_TIMEOUT_MS } from './capabilities.ts';
import { toChannelError } from './errors.ts';

/**
 * Fetches a file by its id. Its address is asked for anew each time: it may have changed, and of files from other
 * workspaces events tell no address at all. The token goes to Slack, and to nobody to whom an answer might redirect us.
 */
export async function download(
  web: WebClient,
  { api_url, bot_token }: { readonly api_url: string; readonly bot_token: string },
  { ref }: Attachment,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (ref === undefined) throw new ChannelError('rejected', 'Slack no longer has this file');
  const { file } = await waitFor(web.files.info({ file: ref }), signal);
  const address = file?.url_private_download ?? file?.url_private;
  if (address === undefined) throw new ChannelError('rejected', 'Slack gives no address for this file');
  if (!isSlack(address, api_url)) throw new ChannelError('rejected', 'the file is not kept by Slack');
  const inTime = within(TRANSFER_TIMEOUT_MS, signal);
  const headers = { authorization: `Bearer ${bot_token}` };
  return fetchFile(address, { headers, signal: inTime }, toChannelError, refusal);
}

function isSlack(address: string, apiUrl: string): boolean {
  const { origin, protocol, hostname } = new URL(address);
  if (origin === new URL(apiUrl).origin) return true;
  return protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'));
}

/** To who may not see a file, Slack shows the way to its login page. */
function refusal(status: number): ChannelError {
  if (status >= 500) return new ChannelError('unavailable', `Slack did not give the file (${status})`);
  if (status === 429) return new ChannelError('rate_limited', 'Slack asks to wait', { retryAfterMs: 30_000 });
  return new ChannelError('rejected', `Slack refuses the file (${status})`, {
    hint: 'Check that the app has the scope files:read, and was reinstalled since.',
  });
}
