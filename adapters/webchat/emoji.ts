import { ChannelError } from '../../src/contract/index.ts';

const EMOJI = /^\p{RGI_Emoji}$/v;
const IN_COLOUR = '\uFE0F';

/** The emoji as browsers show it in colour; whatever is not exactly one is `rejected`. */
export function emojiOf(text: string): string {
  const emoji = [text, text + IN_COLOUR].find((form) => EMOJI.test(form));
  if (emoji === undefined) throw new ChannelError('rejected', 'a reaction is one emoji');
  return emoji;
}
