import type { RenderedText } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';

/** Linechat shows a text as it is, and Markdown was made to be read as it is: all there is to do is to cut what is too long. */
export function render(markdown: string): readonly RenderedText[] {
  const texts: RenderedText[] = [];
  let rest = markdown;
  while (rest.length > capabilities.textLimit) {
    const end = bestEnd(rest.slice(0, capabilities.textLimit));
    texts.push({ text: rest.slice(0, end) });
    rest = rest.slice(end);
  }
  return [...texts, { text: rest }];
}

/** After a paragraph, a line or a word, unless that leaves half of the space empty; never inside of a character. */
function bestEnd(head: string): number {
  for (const separator of ['\n\n', '\n', ' ']) {
    const at = head.lastIndexOf(separator);
    if (at > head.length / 2) return at + separator.length;
  }
  const splitsCharacter = /[\uD800-\uDBFF]$/.test(head);
  return splitsCharacter ? head.length - 1 : head.length;
}
