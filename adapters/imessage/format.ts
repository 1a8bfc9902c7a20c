import { SENT_AGAIN } from '../../src/adapter-kit/index.ts';
import type { RenderedText } from '../../src/contract/index.ts';
import { type Dialect, layout, plainStyle, renderMarkdown } from '../../src/markdown/index.ts';
import { capabilities } from './capabilities.ts';

/** Stands before a message that may be there already. */
export const REPEATED = `↻ ${SENT_AGAIN}\n\n`;

/** iMessage shows a text as it is. */
const dialect: Dialect = {
  limit: capabilities.textLimit - REPEATED.length,
  measure: (tree) => layout(tree, plainStyle).length,
  render: (tree) => ({ text: layout(tree, plainStyle) }),
};

export function render(markdown: string): readonly RenderedText[] {
  return renderMarkdown(markdown, dialect);
}
