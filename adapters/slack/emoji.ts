import { bareEmoji, emojiNames } from '../../src/adapter-kit/index.ts';

/*
 * Slack knows emoji by their names (docs.slack.dev, "reactions.add"; the names are those of the emoji-data project).
 * These are what people and agents use most.
 */
const NAMES = emojiNames(`
👍 +1  👎 -1  👌 ok_hand  👏 clap  🙏 pray  🙌 raised_hands  👋 wave  💪 muscle  🤝 handshake  ✌️ v  👀 eyes
🤞 crossed_fingers  🤘 the_horns  👆 point_up_2  👇 point_down  👈 point_left  👉 point_right  ✋ hand  👊 facepunch
🙋 raising_hand  🤷 shrug  🤦 face_palm  🫡 saluting_face  🙈 see_no_evil
❤️ heart  🧡 orange_heart  💛 yellow_heart  💚 green_heart  💙 blue_heart  💜 purple_heart  🖤 black_heart
🤍 white_heart  💔 broken_heart  💕 two_hearts
😀 grinning  😃 smiley  😄 smile  😁 grin  😆 laughing  😅 sweat_smile  🤣 rolling_on_the_floor_laughing  😂 joy
🙂 slightly_smiling_face  🙃 upside_down_face  😉 wink  😊 blush  😇 innocent  🥰 smiling_face_with_3_hearts
😍 heart_eyes  🤩 star-struck  😘 kissing_heart  😋 yum  😛 stuck_out_tongue  😜 stuck_out_tongue_winking_eye
🤗 hugging_face  🤔 thinking_face  🤨 face_with_raised_eyebrow  😐 neutral_face  😶 no_mouth  😏 smirk
🙄 face_with_rolling_eyes  😬 grimacing  😌 relieved  😴 sleeping  😷 mask  🤯 exploding_head  🥳 partying_face
😎 sunglasses  🤓 nerd_face  😕 confused  😟 worried  😮 open_mouth  😲 astonished  😳 flushed  🥺 pleading_face
😢 cry  😭 sob  😱 scream  😞 disappointed  😓 sweat  😩 weary  😤 triumph  😡 rage  😠 angry  😈 smiling_imp
💀 skull  💩 hankey  🤡 clown_face  👻 ghost  👽 alien  🤖 robot_face  🐶 dog  🐱 cat  🦄 unicorn_face  🐛 bug
🎉 tada  🎊 confetti_ball  🎈 balloon  🎁 gift  🎂 birthday  🏆 trophy  🔥 fire  ✨ sparkles  ⭐ star  🌟 star2
⚡ zap  💥 boom  💯 100  🌈 rainbow  ☀️ sunny  🌙 crescent_moon  ☕ coffee  🍵 tea  🍺 beer  🍻 beers  🍕 pizza
✅ white_check_mark  ✔️ heavy_check_mark  ☑️ ballot_box_with_check  ❌ x  ❗ exclamation  ❓ question  ⚠️ warning
🚫 no_entry_sign  ⛔ no_entry  🛑 octagonal_sign  ➕ heavy_plus_sign  ➖ heavy_minus_sign  🆗 ok  🆘 sos  🆕 new
🔁 repeat  🔄 arrows_counterclockwise  ⏳ hourglass_flowing_sand  ⌛ hourglass  ⏰ alarm_clock  🏁 checkered_flag
🚀 rocket  💡 bulb  🔍 mag  📌 pushpin  📎 paperclip  📝 memo  📅 date  📈 chart_with_upwards_trend
📉 chart_with_downwards_trend  📣 mega  🔔 bell  🔒 lock  🔑 key  🔧 wrench  ✏️ pencil2  💬 speech_balloon
0️⃣ zero  1️⃣ one  2️⃣ two  3️⃣ three  4️⃣ four  5️⃣ five  6️⃣ six  7️⃣ seven  8️⃣ eight  9️⃣ nine  🔟 keycap_ten
`);

const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿'];

/** Slack's name for an emoji; of a workspace's own emoji, written `:name:`, the name. Undefined: we know none. */
export function nameOf(emoji: string): string | undefined {
  const own = /^:([\w+'-]+(?:::skin-tone-[2-6])?):$/.exec(emoji)?.[1];
  if (own !== undefined) return own;
  const tone = TONES.findIndex((letter) => emoji.includes(letter));
  const name = NAMES.nameOf(emoji);
  return name === undefined || tone === -1 ? name : `${name}::skin-tone-${tone + 2}`;
}

/** The emoji that Slack calls so, or its name as Slack writes it. */
export function emojiOf(name: string): string {
  const [base = '', tone] = name.split('::skin-tone-');
  const emoji = NAMES.emojiOf(base);
  if (emoji === undefined) return `:${name}:`;
  return tone === undefined ? emoji : bareEmoji(emoji) + (TONES[Number(tone) - 2] ?? '');
}
