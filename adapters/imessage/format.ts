import { roomForMark } from '../../src/adapter-kit/index.ts';
import type { RenderedText } from '../../src/contract/index.ts';
import { type Dialect, layout, plainStyle, renderMarkdown } from '../../src/markdown/index.ts';
import { capabilities } from './capabilities.ts';

/** Stands before a message that may be there already. */
export const repeatedMark = (sentAgain: string) => `↻ ${sentAgain}\n\n`;

/** iMessage shows a text as it is. */
const dialect: Dialect = {
  limit: capabilities.textLimit - roomForMark((sentAgain) => repeatedMark(sentAgain).length),
  measure: (tree) => layout(tree, plainStyle).length,
  render: (tree) => ({ text: layout(tree, plainStyle) }),
};

export function render(markdown: string): readonly RenderedText[] {
  return renderMarkdown(markdown, dialect);
}
