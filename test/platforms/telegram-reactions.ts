/** https://core.telegram.org/bots/api#reactiontypeemoji */
const EMOJI: ReadonlySet<unknown> = new Set(
  `
  👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥
  🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨
  🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡`
    .trim()
    .split(/\s+/),
);

/** Why Telegram does not let a bot react so, as it says it. */
export function wrongReaction(reactions: readonly { type: string; emoji?: string }[]): string | undefined {
  if (reactions.length > 1) return 'REACTIONS_TOO_MANY';
  const known = reactions.every(({ type, emoji }) => type === 'emoji' && EMOJI.has(emoji));
  return known ? undefined : 'REACTION_INVALID';
}
