import type { WebClient } from '@slack/web-api';
import { ChannelError, type Chat, type PlatformMessageId } from '../../src/contract/index.ts';
import { waitFor } from './calls.ts';
import { nameOf } from './emoji.ts';
import { codeOf } from './errors.ts';
import { placeOf } from './places.ts';

export async function react(
  web: WebClient,
  chat: Chat,
  message: PlatformMessageId,
  emoji: string,
  signal: AbortSignal,
): Promise<void> {
  const name = nameOf(emoji);
  if (name === undefined) throw new ChannelError('rejected', 'Slack has no name for this emoji');
  await waitFor(addReaction(web, placeOf(chat.id).channel, message, name), signal);
}

/** Resolves when our reaction is there, since now or before. */
export async function addReaction(
  web: WebClient,
  channel: string,
  timestamp: string,
  name: string,
): Promise<void> {
  try {
    await web.reactions.add({ channel, timestamp, name });
  } catch (error) {
    if (codeOf(error) !== 'already_reacted') throw error;
  }
}
