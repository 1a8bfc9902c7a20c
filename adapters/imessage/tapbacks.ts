/** The reactions of iMessage by their names: `possibleReactions` in messageInterface.ts of BlueBubbles. */
const TAPBACKS: ReadonlyMap<string, string> = new Map([
  ['love', '❤️'],
  ['like', '👍'],
  ['dislike', '👎'],
  ['laugh', '😂'],
  ['emphasize', '‼️'],
  ['question', '❓'],
]);

/** What changes how an emoji looks, and not what it says: its colour of skin, and the sign that makes a picture of it. */
const LOOKS = /\p{Emoji_Modifier}|\uFE0F/gu;

export const ALL_TAPBACKS = [...TAPBACKS.values()].join(' ');

export function emojiOf(tapback: string): string | undefined {
  return TAPBACKS.get(tapback);
}

export function tapbackOf(emoji: string): string | undefined {
  const bare = emoji.replace(LOOKS, '');
  return [...TAPBACKS.keys()].find((name) => TAPBACKS.get(name)?.replace(LOOKS, '') === bare);
}
