import type { ChannelId, ChatId } from '../contract/index.ts';
import type { Identity, Operations, Told } from '../gateway/index.ts';
import { type CommandTexts, commandTextsIn } from '../texts/index.ts';

/** What somebody else is told in their direct chat; nothing, where there is none. */
export function tell(
  people: Operations['people'],
  who: Identity,
  text: (words: CommandTexts) => string,
): Told[] {
  return tellIn(who.channel, people.directChat(who), text);
}

export function tellIn(
  channel: ChannelId,
  chat: ChatId | undefined,
  text: (words: CommandTexts) => string,
): Told[] {
  if (chat === undefined) return [];
  return [{ channel, chat, text: (language) => text(commandTextsIn(language)) }];
}
