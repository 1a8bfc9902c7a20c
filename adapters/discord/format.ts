import { roomForMark } from '../../src/adapter-kit/index.ts';
import type { RenderedText } from '../../src/contract/index.ts';
import { type Dialect, layout, plainStyle, renderMarkdown, type Style } from '../../src/markdown/index.ts';
import { capabilities } from './capabilities.ts';

/** https://support.discord.com/hc/en-us/articles/210298617: Discord's own Markdown, with three sizes of headings. */
const style: Style = {
  text: literal,
  strong: (inner) => marked('**', inner),
  emphasis: (inner) => marked('*', inner),
  strike: (inner) => marked('~~', inner),
  // A backtick would end the code; and blank code is none.
  inlineCode: (value) => (value.includes('`') || value.trim() === '' ? literal(value) : `\`${value}\``),
  link,
  heading: (inner, depth) =>
    depth <= 3 ? `${'#'.repeat(depth)} ${inner.replaceAll('\n', ' ')}` : marked('**', inner),
  codeBlock,
  // A quote in a quote is not known, so its sign is shown.
  quote: (inner, nested) => inner.replace(/^/gm, nested ? '\\> ' : '> '),
  rule: plainStyle.rule,
};

/** Stands before a message whose first attempt may have arrived, too long ago for Discord to tell. `-#` is small print. */
export const repeatedMark = (sentAgain: string) => `-# ↻ ${sentAgain}\n`;

const dialect: Dialect = {
  limit: capabilities.textLimit - roomForMark((sentAgain) => repeatedMark(sentAgain).length),
  measure: (tree) => layout(tree, style).length,
  render: (tree) => ({ text: layout(tree, style) }),
};

export function render(markdown: string): readonly RenderedText[] {
  return renderMarkdown(markdown.toWellFormed(), dialect);
}

/** Text that means nothing to Discord: no markup, no mention, and addresses that lead where they say. */
function literal(value: string): string {
  return value
    .split(/(https?:\/\/[^\s<>]+)/i)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : escaped(part)))
    .join('');
}

function escaped(value: string): string {
  return value
    .replace(/[\\*_~`|<[\]@]/g, '\\$&')
    .replace(/^(\s*)([#>+-])/gm, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/gm, '$1\\$2');
}

/** Marks touch the first and the last letter. */
function marked(mark: string, inner: string): string {
  return inner.replace(/^(\s*)(\S|\S[\s\S]*\S)(\s*)$/, `$1${mark}$2${mark}$3`);
}

/** Discord shows a named link only for web addresses, and only if the name is no address itself. */
function link(inner: string, url: string): string {
  const target = url.replace(/[<>\s]/g, encodeURIComponent);
  if (/^mailto:/i.test(target)) {
    const address = escaped(target.slice('mailto:'.length));
    return inner === address ? inner : `${inner} (${address})`;
  }
  if (inner === `<${target}>` || inner === escaped(target)) return `<${target}>`;
  return inner.includes('://') ? `${inner} (<${target}>)` : `[${inner}](<${target}>)`;
}

/** A blank block is shown as one only with something in it; and three backticks inside would end it. */
function codeBlock(value: string, lang: string | undefined): string {
  const known = lang !== undefined && /^[\w+.#-]+$/.test(lang) ? lang : '';
  return `\`\`\`${known}\n${value.replaceAll('``', '`\u200b`') || ' '}\n\`\`\``;
}
