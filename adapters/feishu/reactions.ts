import { ChannelError } from '../../src/contract/index.ts';
import type { Api } from './api.ts';
import { isRepeatedReaction } from './errors.ts';

/** Feishu names its emoji (server-docs/im-v1/message-reaction/emojis-introduce). Of several names the first is ours. */
const EMOJI = `
  THUMBSUP 👍 ThumbsDown 👎 OK 👌 DONE ✅ CheckMark ✅ LGTM ✅ CrossMark ❌ HEART ❤ FINGERHEART 🫰 HEARTBROKEN 💔
  APPLAUSE 👏 CLAP 👏 THANKS 🙏 MUSCLE 💪 FISTBUMP 👊 SHAKE 🤝 WAVE 👋 YEAH ✌ HIGHFIVE 🙌 SMILE 🙂 BLUSH 😊 LAUGH 😆
  BeamingFace 😁 Delighted 😃 JOYFUL 😂 LOL 🤣 WINK 😉 LOVE 😍 KISS 😘 TONGUE 😛 DROOL 🤤 SMIRK 😏 Partying 🥳 HUG 🤗
  THINKING 🤔 GLANCE 👀 SHHH 🤫 SILENT 🤐 SALUTE 🫡 FACEPALM 🤦 Shrug 🤷 SWEAT 😅 ColdSweat 😰 FROWN ☹ CRY 😢 SOB 😭
  ANGRY 😠 SCOWL 😡 WOW 😮 SHOCKED 😱 DIZZY 😵 SICK 🤒 PUKE 🤮 YAWN 🥱 SLEEP 😴 SKULL 💀 POOP 💩 ClownFace 🤡 PARTY 🎉
  Fire 🔥 Hundred 💯 Trophy 🏆 GIFT 🎁 CAKE 🎂 BEER 🍺 Coffee ☕ ROSE 🌹 Pin 📌 Alarm ⏰ Loudspeaker 📢
  StatusFlashOfInspiration 💡 BOMB 💣 Music 🎵
`;
const PAIRS = [...EMOJI.matchAll(/(\w+)\s(\S+)/gu)].map(
  ([, name = '', emoji = '']) => [name, emoji] as const,
);
const EMOJI_BY_NAME = new Map(PAIRS);
const NAME_BY_EMOJI = new Map(PAIRS.map(([name, emoji]) => [emoji, name] as const).toReversed());

/** The emoji, or Feishu's name for it. */
export function emojiOf(name: string): string {
  return EMOJI_BY_NAME.get(name) ?? `:${name}:`;
}

/** Colours of skin, and whether it is drawn in colour at all, are nothing that Feishu knows. */
const VARIANTS = /[\u{1f3fb}-\u{1f3ff}\ufe0e\ufe0f]/gu;

export async function react(api: Api, message: string, emoji: string, signal: AbortSignal): Promise<void> {
  const name = NAME_BY_EMOJI.get(emoji.replace(VARIANTS, ''));
  if (name === undefined) throw new ChannelError('rejected', 'Feishu does not have this emoji');
  await api.react(message, name, signal).catch((error: unknown) => {
    if (!isRepeatedReaction(error)) throw error;
  });
}
