import { emojiNames } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';
import type { Api } from './api.ts';
import { isRepeatedReaction } from './errors.ts';

/** Feishu's names (server-docs/im-v1/message-reaction/emojis-introduce). Of several for one emoji the first is ours. */
const EMOJI = emojiNames(`
  👍 THUMBSUP  👎 ThumbsDown  👌 OK  ✅ DONE  ✅ CheckMark  ✅ LGTM  ❌ CrossMark  ❤ HEART  🫰 FINGERHEART
  💔 HEARTBROKEN  👏 APPLAUSE  👏 CLAP  🙏 THANKS  💪 MUSCLE  👊 FISTBUMP  🤝 SHAKE  👋 WAVE  ✌ YEAH  🙌 HIGHFIVE
  🙂 SMILE  😊 BLUSH  😆 LAUGH  😁 BeamingFace  😃 Delighted  😂 JOYFUL  🤣 LOL  😉 WINK  😍 LOVE  😘 KISS  😛 TONGUE
  🤤 DROOL  😏 SMIRK  🥳 Partying  🤗 HUG  🤔 THINKING  👀 GLANCE  🤫 SHHH  🤐 SILENT  🫡 SALUTE  🤦 FACEPALM  🤷 Shrug
  😅 SWEAT  😰 ColdSweat  ☹ FROWN  😢 CRY  😭 SOB  😠 ANGRY  😡 SCOWL  😮 WOW  😱 SHOCKED  😵 DIZZY  🤒 SICK  🤮 PUKE
  🥱 YAWN  😴 SLEEP  💀 SKULL  💩 POOP  🤡 ClownFace  🎉 PARTY  🔥 Fire  💯 Hundred  🏆 Trophy  🎁 GIFT  🎂 CAKE  🍺 BEER
  ☕ Coffee  🌹 ROSE  📌 Pin  ⏰ Alarm  📢 Loudspeaker  💡 StatusFlashOfInspiration  💣 BOMB  🎵 Music
`);

/** The emoji, or Feishu's name for it. */
export function emojiOf(name: string): string {
  return EMOJI.emojiOf(name) ?? `:${name}:`;
}

export async function react(api: Api, message: string, emoji: string, signal: AbortSignal): Promise<void> {
  const name = EMOJI.nameOf(emoji);
  if (name === undefined) throw new ChannelError('rejected', 'Feishu does not have this emoji');
  await api.react(message, name, signal).catch((error: unknown) => {
    if (!isRepeatedReaction(error)) throw error;
  });
}
