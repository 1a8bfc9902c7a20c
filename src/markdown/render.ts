import type { RenderedText } from '../contract/index.ts';
import { asWritten, parse } from './parse.ts';
import { split } from './split.ts';
import type { Root } from './tree.ts';

/** How one platform shows Markdown. */
export interface Dialect {
  /** The most that one message holds, in the unit of `measure`. */
  readonly limit: number;
  /** How much of a message a tree takes. A part of a tree must never take more than the whole. */
  measure(tree: Root): number;
  render(tree: Root): RenderedText;
}

/**
 * Markdown as messages of one platform, each within its limit. Total: any text gives at least one message, unless it is
 * blank.
 */
export function renderMarkdown(markdown: string, dialect: Dialect): RenderedText[] {
  const wellFormed = markdown.toWellFormed();
  const shown = renderTree(parse(wellFormed), dialect);
  // What Markdown hides (say, an address that nothing refers to) is better shown than lost.
  return shown.length > 0 ? shown : renderTree(asWritten(wellFormed), dialect);
}

function renderTree(tree: Root, dialect: Dialect): RenderedText[] {
  const fits = (part: Root) => dialect.measure(part) <= dialect.limit;
  const pieces = fits(tree) ? [tree] : split(tree, fits);
  return pieces.map((piece) => dialect.render(piece)).filter(({ text, plain = text }) => plain.trim() !== '');
}
