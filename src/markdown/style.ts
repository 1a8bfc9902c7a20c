import type { Inline } from './tree.ts';

/** How a dialect writes each thing. What is called `inner` is in the dialect already; what is called `value` is raw. */
export interface Style {
  text(value: string): string;
  strong(inner: string): string;
  emphasis(inner: string): string;
  strike(inner: string): string;
  inlineCode(value: string): string;
  link(inner: string, url: string): string;
  heading(inner: string, depth: number): string;
  /** Also for tables, which are aligned and need a fixed-width font. */
  codeBlock(value: string, lang: string | undefined): string;
  /** `nested`: inside another quote, which few platforms can show. */
  quote(inner: string, nested: boolean): string;
  readonly rule: string;
}

/** Some inlines as one text. */
export function layoutInlines(nodes: readonly Inline[], style: Style): string {
  return nodes.map((node) => inline(node, style)).join('');
}

function inline(node: Inline, style: Style): string {
  switch (node.type) {
    case 'text':
      return style.text(node.value);
    case 'inlineCode':
      return style.inlineCode(node.value);
    case 'break':
      return '\n';
    case 'strong':
      return style.strong(layoutInlines(node.children, style));
    case 'emphasis':
      return style.emphasis(layoutInlines(node.children, style));
    case 'delete':
      return style.strike(layoutInlines(node.children, style));
    case 'link':
      return style.link(layoutInlines(node.children, style), node.url);
  }
}
