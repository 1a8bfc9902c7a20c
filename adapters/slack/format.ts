import type { RenderedText } from '../../src/contract/index.ts';
import { layout, type Root, renderMarkdown, type Style } from '../../src/markdown/index.ts';
import { capabilities } from './capabilities.ts';

/*
 * Markdown as mrkdwn (docs.slack.dev, "Formatting message text"). Slack's newer Markdown block would show more, but only
 * of mrkdwn it is documented what escapes a mention, in code too; and a mention of everyone must never get through.
 *
 * mrkdwn cannot escape its own marks, and reads them only at the borders of words. So marks are first written as
 * noncharacters, and made into real ones at the end, when their neighbours are known.
 */

interface Mark {
  readonly on: string;
  readonly off: string;
}

const BOLD: Mark = { on: '\ufdd0', off: '\ufdd1' };
const ITALIC: Mark = { on: '\ufdd2', off: '\ufdd3' };
const STRIKE: Mark = { on: '\ufdd4', off: '\ufdd5' };
const CODE: Mark = { on: '\ufdd6', off: '\ufdd7' };
/** In the order of the noncharacters. */
const SIGNS = '*_~`';
const ANY_MARK = /[\ufdd0-\ufdd7]/g;

/** Shows nothing, and is no letter: to Slack a word ends here. */
const GAP = '\u200b';

const style: Style = {
  text: literal,
  strong: (inner) => marked(BOLD, inner),
  emphasis: (inner) => marked(ITALIC, inner),
  strike: (inner) => marked(STRIKE, inner),
  // A backtick would end the code; and blank code is none.
  inlineCode: (value) =>
    value.includes('`') || value.trim() === '' ? literal(value) : marked(CODE, escaped(value)),
  link,
  heading: (inner) => marked(BOLD, inner),
  codeBlock: (value) => `\`\`\`\n${escaped(value).replaceAll('```', `\`\`${GAP}\``)}\n\`\`\``,
  quote: (inner, nested) => (nested ? inner : inner.replace(/^/gm, '> ')),
  rule: '———',
};

export function render(markdown: string): readonly RenderedText[] {
  return renderMarkdown(markdown.toWellFormed(), {
    limit: capabilities.textLimit,
    measure: (tree) => mrkdwn(tree).length,
    render: (tree) => ({ text: mrkdwn(tree) }),
  });
}

function mrkdwn(tree: Root): string {
  return withMarks(layout(tree, style));
}

/** What Slack must read as text: its tokens (mentions, links) begin with an angle bracket, escaped here. */
function escaped(value: string): string {
  return value
    .replace(ANY_MARK, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Text, with a gap where a sign in it could be taken for a mark or for a quote. */
function literal(value: string): string {
  return escaped(value)
    .replace(/(?<![\p{L}\p{N}])([*_~`])(?!\s)/gu, `$1${GAP}`)
    .replace(/(?<![\s\u200b])([*_~`])(?![\p{L}\p{N}\u200b])/gu, `${GAP}$1`)
    .replace(/^(?=\s*&gt;)/gm, GAP);
}

/** Marks hold for one line only, and touch its first and last letter. */
function marked({ on, off }: Mark, inner: string): string {
  return inner.replace(/^([^\S\n]*)(.*\S)([^\S\n]*)$/gm, `$1${on}$2${off}$3`);
}

function link(inner: string, url: string): string {
  const target = escaped(encodeUnsafe(url));
  const label = inner.replace(ANY_MARK, '').replaceAll('\n', ' ').trim();
  return label === '' || label === target ? `<${target}>` : `<${target}|${label}>`;
}

function encodeUnsafe(url: string): string {
  return url.replace(/[<>|\s]/g, encodeURIComponent);
}

/** Puts the real marks in: of nested ones of a kind only the outer, and with a gap where a letter touches one from outside. */
function withMarks(text: string): string {
  const depths = [0, 0, 0, 0];
  return text.replace(ANY_MARK, (mark, at: number) => {
    const { kind, off } = read(mark);
    const depth = (depths[kind] ?? 0) + (off ? -1 : 1);
    depths[kind] = depth;
    if (depth !== (off ? 0 : 1)) return '';
    const sign = SIGNS.charAt(kind);
    const outside = text.charAt(off ? at + 1 : at - 1);
    const touches = /[\p{L}\p{N}]/u.test(outside) || (isMark(outside) && read(outside).kind === kind);
    if (!touches) return sign;
    return off ? sign + GAP : GAP + sign;
  });
}

function isMark(letter: string): boolean {
  return letter.search(ANY_MARK) === 0;
}

function read(mark: string): { kind: number; off: boolean } {
  const number = mark.charCodeAt(0) - 0xfdd0;
  return { kind: number >> 1, off: number % 2 === 1 };
}
