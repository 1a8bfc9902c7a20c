/** Feishu names its emoji (server-docs/im-v1/message-reaction/emojis-introduce); these are what people use most. */
const EMOJI: Readonly<Record<string, string>> = {
  THUMBSUP: '👍',
  ThumbsDown: '👎',
  OK: '👌',
  DONE: '✅',
  CheckMark: '✅',
  CrossMark: '❌',
  HEART: '❤️',
  APPLAUSE: '👏',
  CLAP: '👏',
  SMILE: '🙂',
  LAUGH: '😆',
  LOL: '😂',
  JOYFUL: '😂',
  CRY: '😭',
  SOB: '😭',
  ANGRY: '😠',
  THINKING: '🤔',
  THANKS: '🙏',
  PRAY: '🙏',
  PARTY: '🎉',
  Fire: '🔥',
  MUSCLE: '💪',
  EYES: '👀',
};

/** The emoji, or Feishu's name for it. */
export function emojiOf(name: string): string {
  return EMOJI[name] ?? `:${name}:`;
}
