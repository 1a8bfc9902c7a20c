/** What changes how an emoji looks, and not what it says: its colour of skin, and whether it is drawn as a picture. */
const LOOKS = /\p{Emoji_Modifier}|\uFE0E|\uFE0F/gu;
const AS_PICTURE = '\uFE0F';
const ONE_EMOJI = /^\p{RGI_Emoji}$/v;

export function bareEmoji(emoji: string): string {
  return emoji.replace(LOOKS, '');
}

/** The one emoji that a text is, as it is shown as a picture; undefined for every other text. */
export function oneEmoji(text: string): string | undefined {
  return [text, text + AS_PICTURE].find((form) => ONE_EMOJI.test(form));
}

/** The emoji of a platform that calls them by names. `table`: each emoji with its name behind it. The first of several counts. */
export function emojiNames(table: string) {
  const pairs = [...table.matchAll(/(\S+)\s+(\S+)/g)].toReversed();
  const names = new Map(pairs.map(([, emoji = '', name = '']) => [bareEmoji(emoji), name]));
  const emoji = new Map(pairs.map(([, emoji = '', name = '']) => [name, emoji]));
  return {
    /** However the emoji looks. */
    nameOf: (emoji: string): string | undefined => names.get(bareEmoji(emoji)),
    /** As it stands in the table. */
    emojiOf: (name: string): string | undefined => emoji.get(name),
  };
}
