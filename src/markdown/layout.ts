import { layoutInlines, type Style } from './style.ts';
import { alignTable } from './table.ts';
import type { Block, Inline, List, ListItem, Root } from './tree.ts';

/**
 * A tree as a text for people: paragraphs with blank lines between them, lists with bullets, numbers and boxes, aligned
 * tables. The lines are the same in every dialect; only the markup differs.
 */
export function layout(tree: Root, style: Style): string {
  return new Layout(style).blocks(tree.children);
}

class Layout {
  readonly #style: Style;
  #quotes = 0;

  constructor(style: Style) {
    this.#style = style;
  }

  blocks(nodes: readonly Block[]): string {
    return nodes.map((node) => this.#block(node, '', '')).join('\n\n');
  }

  /** `first` stands before the first line (a list's marker), `others` before all others. */
  #block(node: Block, first: string, others: string): string {
    switch (node.type) {
      case 'paragraph':
        return first + this.#lines(node.children, others);
      case 'heading':
        return first + this.#style.heading(this.#lines(node.children, others), node.depth);
      case 'thematicBreak':
        return first + this.#style.rule;
      case 'list':
        return this.#list(node, first, others);
      case 'code':
        return below(first, this.#style.codeBlock(node.value, node.lang));
      case 'table':
        return below(first, this.#style.codeBlock(alignTable(node), undefined));
      case 'blockquote': {
        const nested = this.#quotes > 0;
        this.#quotes += 1;
        const inner = this.blocks(node.children);
        this.#quotes -= 1;
        return below(first, this.#style.quote(inner, nested));
      }
    }
  }

  #lines(nodes: readonly Inline[], others: string): string {
    const lines = layoutInlines(nodes, this.#style);
    return others === '' ? lines : lines.replaceAll('\n', `\n${others}`);
  }

  #list(list: List, first: string, others: string): string {
    const items = list.children.map((item, index) => this.#item(item, index === 0 ? first : others, others));
    return items.join(list.spread ? '\n\n' : '\n');
  }

  #item(item: ListItem, first: string, others: string): string {
    const marker = markerOf(item);
    const inner = others + ' '.repeat(marker.length);
    const [head, ...tail] = item.children;
    if (head === undefined) return (first + marker).trimEnd();
    const blocks = [
      this.#block(head, first + marker, inner),
      ...tail.map((node) => this.#block(node, inner, inner)),
    ];
    return blocks.join(item.spread ? '\n\n' : '\n');
  }
}

/** What is a box of its own begins a line of its own, not indented: platforms show it so. */
function below(first: string, box: string): string {
  return first.trim() === '' ? box : `${first.trimEnd()}\n${box}`;
}

/** What stands before an item. */
export function markerOf(item: ListItem): string {
  if (item.continued) return '  ';
  const box = item.checked === undefined ? '' : item.checked ? '☑ ' : '☐ ';
  if (item.number !== undefined) return `${item.number}. ${box}`;
  return box || '• ';
}
