import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { simplify } from './simplify.ts';
import { paragraph, type Root, root, text } from './tree.ts';

/**
 * Anything that could mean something in GitHub-flavoured Markdown. May see too much, never too little: what it does not
 * match is paragraphs of plain text.
 */
const SIGNIFICANT = /[\\`*_[\]<>&~|@\t\r\0]|:\/\/|www\.|^[ #+=:-]|^\d{1,9}[.)]| $|\n{3}|^\n|\n$/im;

/** Quotes in quotes cost the parser quadratic time, and nobody means this many. */
const ABSURD_QUOTE = /^[ \t]*(?:>[ \t]*){30}/m;

/** Reads GitHub-flavoured Markdown. Total: what is nested absurdly deep is shown as it was written. */
export function parse(markdown: string): Root {
  if (!SIGNIFICANT.test(markdown) || ABSURD_QUOTE.test(markdown)) return asWritten(markdown);
  try {
    // One tilde is how people write "about": ~5 to ~10 strikes nothing out.
    return simplify(
      fromMarkdown(markdown, {
        extensions: [gfm({ singleTilde: false })],
        mdastExtensions: [gfmFromMarkdown()],
      }),
    );
  } catch {
    return asWritten(markdown);
  }
}

/** Markdown as the text that it is. */
export function asWritten(markdown: string): Root {
  return root(markdown.split('\n\n').map((block) => paragraph(text(block))));
}
