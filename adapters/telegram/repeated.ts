import type { RenderedText } from '../../src/contract/index.ts';

/** Stands before a message whose first attempt may have arrived; both forms show the same. */
export function repeatedMark(sentAgain: string): Required<RenderedText> {
  return { text: `↻ <i>${sentAgain}</i>\n\n`, plain: `↻ ${sentAgain}\n\n` };
}
