import type { Api } from 'grammy';
import type { ReactionTypeEmoji } from 'grammy/types';
import { bareEmoji } from '../../src/adapter-kit/index.ts';
import { ChannelError, type Chat, type PlatformMessageId } from '../../src/contract/index.ts';
import { toAddress } from './address.ts';
import { toSignal } from './client.ts';
import { toChannelError } from './errors.ts';

type Emoji = ReactionTypeEmoji['emoji'];

/** https://core.telegram.org/bots/api#reactiontypeemoji: none has a colour of skin, or a selector of its look. */
const EMOJI = `
  👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥
  🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨
  🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡`
  .trim()
  .split(/\s+/) as Emoji[];

/** Our reaction to a message; a bot has one, and a new one takes its place. */
export async function react(
  api: Api,
  chat: Chat,
  message: PlatformMessageId,
  emoji: string,
  signal: AbortSignal,
): Promise<void> {
  const known = EMOJI.find((candidate) => candidate === bareEmoji(emoji));
  if (known === undefined)
    throw new ChannelError('rejected', 'Telegram does not have this emoji as a reaction');
  const { chat: chat_id } = toAddress(chat.id);
  try {
    await api.raw.setMessageReaction(
      { chat_id, message_id: Number(message), reaction: [{ type: 'emoji', emoji: known }] },
      toSignal(signal),
    );
  } catch (error) {
    throw toChannelError('setMessageReaction', error);
  }
}
