import type { WebClient } from '@slack/web-api';
import { unlessRejected } from '../../src/adapter-kit/index.ts';
import type { OutboundId } from '../../src/contract/index.ts';
import { waitFor } from './calls.ts';
import { blocksOf } from './choices.ts';
import type { Place } from './places.ts';
import { metadataOf, type State } from './readback.ts';

/** What a message of ours shows and carries. */
export interface Content {
  readonly text: string;
  readonly id: OutboundId;
  readonly state: State;
  readonly choices?: readonly string[] | undefined;
}

/** Resolves with the `ts` of the message. */
export async function post(
  web: WebClient,
  { channel, thread }: Place,
  content: Content,
): Promise<string | undefined> {
  const { ts } = await web.chat.postMessage({
    channel,
    ...argumentsOf(content),
    // Link previews are fetched from the address by Slack's servers, with nobody clicking: a way out for what an agent
    // knows. Slack looks for links once, when a message is posted, and not in its edits.
    unfurl_links: false,
    unfurl_media: false,
    ...(thread !== undefined && { thread_ts: thread }),
  });
  return ts;
}

export async function update(
  web: WebClient,
  { channel }: Place,
  ts: string,
  content: Content,
): Promise<void> {
  // Unlike a post, an edit makes mentions of words such as @here unless it is told not to.
  await web.chat.update({ channel, ts, ...argumentsOf(content), parse: 'none' });
}

/** Deletes a preview; also resolves when it is gone already, or cannot be deleted. */
export async function takeAway(
  web: WebClient,
  { channel }: Place,
  ts: string,
  signal: AbortSignal,
): Promise<void> {
  await unlessRejected(waitFor(web.chat.delete({ channel, ts }), signal));
}

function argumentsOf({ text, id, state, choices }: Content) {
  return {
    text,
    metadata: metadataOf(id, state),
    ...(choices !== undefined && { blocks: blocksOf(text, choices) }),
  };
}
