import type { RenderedText } from '../../src/contract/index.ts';

/** Stands before a message whose first attempt may have arrived; both forms show the same. */
export const REPEATED: Required<RenderedText> = {
  text: '↻ <i>sent again after an interruption</i>\n\n',
  plain: '↻ sent again after an interruption\n\n',
};
