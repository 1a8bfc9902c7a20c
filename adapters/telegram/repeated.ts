import { SENT_AGAIN } from '../../src/adapter-kit/index.ts';
import type { RenderedText } from '../../src/contract/index.ts';

/** Stands before a message whose first attempt may have arrived; both forms show the same. */
export const REPEATED: Required<RenderedText> = {
  text: `↻ <i>${SENT_AGAIN}</i>\n\n`,
  plain: `↻ ${SENT_AGAIN}\n\n`,
};
