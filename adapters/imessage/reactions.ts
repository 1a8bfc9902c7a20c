import { ChannelError, type Chat, type PlatformMessageId } from '../../src/contract/index.ts';
import type { BlueBubbles, ServerInfo } from './bluebubbles.ts';
import { TAPBACKS } from './tapbacks.ts';

/** A later tapback on a message replaces our earlier one. */
export async function react(
  server: BlueBubbles,
  { privateApi }: ServerInfo,
  chat: Chat,
  message: PlatformMessageId,
  emoji: string,
  signal: AbortSignal,
): Promise<void> {
  const reaction = TAPBACKS.nameOf(emoji);
  if (reaction === undefined) {
    throw new ChannelError('rejected', 'iMessage has no tapback for this emoji', {
      hint: 'It has ❤️ 👍 👎 😂 ‼️ ❓',
    });
  }
  if (!privateApi) {
    throw new ChannelError('rejected', 'tapbacks need the Private API of BlueBubbles, which is off', {
      hint: 'Enable it in the window of BlueBubbles (see docs/channels/imessage.md).',
    });
  }
  await server.send('react', { chatGuid: chat.id, selectedMessageGuid: message, reaction }, signal);
}
