import { z } from 'zod';
import type { RenderedText } from '../../src/contract/index.ts';
import {
  type Block,
  type Dialect,
  type Inline,
  type List,
  layout,
  plainStyle,
  type Root,
  renderMarkdown,
} from '../../src/markdown/index.ts';
import { capabilities } from './capabilities.ts';

/**
 * Feishu's rich text (`post`): lines of pieces. What a piece says is never read as markup, so nothing in it can mention
 * anybody; and pieces that could are none of these.
 */
const style = z.array(z.enum(['bold', 'italic', 'lineThrough']));
const piece = z.union([
  z.strictObject({ tag: z.literal('text'), text: z.string(), style: style.optional() }),
  z.strictObject({ tag: z.literal('a'), text: z.string(), href: z.string(), style: style.optional() }),
  z.strictObject({ tag: z.literal('code_block'), text: z.string(), language: z.string().optional() }),
  z.strictObject({ tag: z.literal('hr') }),
]);
const post = z.strictObject({ zh_cn: z.strictObject({ content: z.array(z.array(piece)) }) });

type Piece = z.infer<typeof piece>;
type Styles = z.infer<typeof style>;
/** `img` stands in what we send, never in what an agent wrote. */
export type Line = readonly (Piece | { readonly tag: 'img'; readonly image_key: string })[];

const dialect: Dialect = {
  limit: capabilities.textLimit,
  // Bytes of the request, in which the content is a text of its own.
  measure: (tree) => Buffer.byteLength(JSON.stringify(asContent(linesOf(tree)))),
  render: (tree) => ({ text: asContent(linesOf(tree)), plain: layout(tree, plainStyle) }),
};

/** Markdown as rich texts: the JSON that Feishu gets, and the same for people to read. */
export function render(markdown: string): readonly RenderedText[] {
  return renderMarkdown(markdown, dialect);
}

/** The lines of a text that `render` made; any other text as it is. */
export function toLines(text: string): readonly Line[] {
  try {
    return post.parse(JSON.parse(text)).zh_cn.content;
  } catch {
    return asWritten(text);
  }
}

/** A text without any markup. */
export function asWritten(text: string): readonly Line[] {
  return text === '' ? [] : text.split('\n').map((line) => [{ tag: 'text', text: line || BLANK }]);
}

/** Lines without any markup. */
export function toPlain(lines: readonly Line[]): string {
  return lines.map((line) => line.map((piece) => ('text' in piece ? piece.text : '')).join('')).join('\n');
}

/** Shown in any language, although it says `zh_cn`. */
export function asContent(content: readonly Line[]): string {
  return JSON.stringify({ zh_cn: { content } });
}

/** For lines without any letter; Feishu does not take a piece without text. */
const BLANK = ' ';
const EMPTY: Line = [{ tag: 'text', text: BLANK }];

/** Stands before a message that may have arrived before. */
export function repeatedMark(sentAgain: string): readonly Line[] {
  return [[{ tag: 'text', text: `↻ ${sentAgain}`, style: ['italic'] }], EMPTY];
}

function linesOf(tree: Root): readonly Line[] {
  return blocks(tree.children);
}

function blocks(nodes: readonly Block[]): Line[] {
  return nodes.flatMap((node, index) => (index === 0 ? block(node) : [EMPTY, ...block(node)]));
}

function block(node: Block): Line[] {
  switch (node.type) {
    case 'paragraph':
      return inlines(node.children, []);
    case 'heading':
      return inlines(node.children, ['bold']);
    case 'thematicBreak':
      return [[{ tag: 'hr' }]];
    case 'blockquote':
      return indent(blocks(node.children), '▎ ', '▎ ');
    case 'list':
      return list(node);
    case 'code':
      return [[codeBlock(node.value, node.lang)]];
    case 'table':
      return [[codeBlock(plain(node))]];
  }
}

function plain(node: Block): string {
  return layout({ type: 'root', children: [node] }, plainStyle);
}

function list(node: List): Line[] {
  const items = node.children.map((item) => {
    const box = item.checked === undefined ? '' : item.checked ? '☑ ' : '☐ ';
    const number = item.number === undefined ? '' : `${item.number}. `;
    const marker = item.continued ? '    ' : `${number}${box}` || '• ';
    const inner = item.children.flatMap((child, index) =>
      item.spread && index > 0 ? [EMPTY, ...block(child)] : block(child),
    );
    return indent(inner.length === 0 ? [EMPTY] : inner, marker, '    ');
  });
  return items.flatMap((lines, index) => (node.spread && index > 0 ? [EMPTY, ...lines] : lines));
}

/** Code blocks and rules stand alone, at the margin: Feishu shows them so only. */
function indent(lines: readonly Line[], first: string, others: string): Line[] {
  return lines.flatMap((line, index): Line[] => {
    const prefix: Line = [{ tag: 'text', text: index === 0 ? first : others }];
    const stands = line[0]?.tag === 'code_block' || line[0]?.tag === 'hr';
    if (!stands) return [[...prefix, ...line]];
    return index === 0 && first.trim() !== '' ? [prefix, line] : [line];
  });
}

/** Languages that Feishu colours; with another one it might refuse the message (im-v1/message/create_json). */
const LANGUAGES = new Set(
  'python c cpp go java kotlin swift php ruby rust javascript typescript bash shell sql json xml yaml html thrift'.split(
    ' ',
  ),
);
const ALIASES: Readonly<Record<string, string>> = {
  'c++': 'cpp',
  js: 'javascript',
  py: 'python',
  sh: 'shell',
  ts: 'typescript',
  yml: 'yaml',
};

function codeBlock(text: string, lang = ''): Piece {
  const name = lang.toLowerCase();
  const language = ALIASES[name] ?? name;
  const colours = LANGUAGES.has(language) ? { language: language.toUpperCase() } : {};
  return { tag: 'code_block', ...colours, text: text || BLANK };
}

function inlines(nodes: readonly Inline[], styles: Styles): Line[] {
  return pieces(nodes, styles).map((line) => (line.length === 0 ? EMPTY : line));
}

function pieces(nodes: readonly Inline[], styles: Styles): Piece[][] {
  const lines: Piece[][] = [[]];
  for (const node of nodes) {
    const [first = [], ...others] = inline(node, styles);
    lines.at(-1)?.push(...first);
    lines.push(...others);
  }
  return lines;
}

function inline(node: Inline, styles: Styles): Piece[][] {
  const styled = styles.length === 0 ? {} : { style: styles };
  switch (node.type) {
    case 'text':
      return node.value.split('\n').map((text) => (text === '' ? [] : [{ tag: 'text', text, ...styled }]));
    case 'inlineCode':
      return [[{ tag: 'text', text: `\`${node.value}\``, ...styled }]];
    case 'break':
      return [[], []];
    case 'strong':
      return pieces(node.children, [...styles, 'bold']);
    case 'emphasis':
      return pieces(node.children, [...styles, 'italic']);
    case 'delete':
      return pieces(node.children, [...styles, 'lineThrough']);
    case 'link': {
      const text = plain({ type: 'paragraph', children: node.children }).replaceAll('\n', ' ');
      return [[{ tag: 'a', text: text || node.url, href: node.url, ...styled }]];
    }
  }
}
