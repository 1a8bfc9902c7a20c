import type { RenderedText } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';

/** The page reads Markdown, so nothing is translated; what is too long is cut, at the end of a line where there is one. */
export function render(markdown: string): readonly RenderedText[] {
  const texts: RenderedText[] = [];
  let rest = markdown;
  while (rest.length > capabilities.textLimit) {
    const end = cutBefore(rest, capabilities.textLimit);
    texts.push({ text: rest.slice(0, end) });
    rest = rest.slice(end);
  }
  return rest.trim() === '' ? texts : [...texts, { text: rest }];
}

function cutBefore(text: string, limit: number): number {
  const newline = text.lastIndexOf('\n', limit - 1);
  if (newline > limit / 2) return newline + 1;
  const splitsPair =
    /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(limit));
  return splitsPair ? limit - 1 : limit;
}
