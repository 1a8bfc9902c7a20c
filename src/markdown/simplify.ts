import type * as mdast from 'mdast';
import {
  type Block,
  type Inline,
  type ListItem,
  paragraph,
  type Root,
  root,
  type TableRow,
  text,
} from './tree.ts';

/** Deeper than anybody writes, and far from what the stack bears. */
const MAX_DEPTH = 60;

const SAFE_URL = /^(?:https?|mailto):/i;

/** mdast as the tree that dialects render. Throws a RangeError when it is nested absurdly deep. */
export function simplify(tree: mdast.Root): Root {
  const definitions = new Map<string, mdast.Definition>();
  collectDefinitions(tree, definitions, 0);
  return root(tree.children.flatMap(block));

  function block(node: mdast.RootContent): Block[] {
    switch (node.type) {
      case 'paragraph':
        return [{ type: 'paragraph', children: inlines(node.children) }];
      case 'heading':
        return [{ type: 'heading', depth: node.depth, children: inlines(node.children) }];
      case 'code':
        return [{ type: 'code', value: node.value, ...(node.lang && { lang: node.lang }) }];
      case 'blockquote':
        return [{ type: 'blockquote', children: node.children.flatMap(block) }];
      case 'list': {
        const first = node.ordered ? (node.start ?? 1) : undefined;
        const children = node.children.map((item, index) =>
          listItem(item, first === undefined ? undefined : first + index),
        );
        return [
          { type: 'list', spread: node.children.some((item) => item.spread) || !!node.spread, children },
        ];
      }
      case 'table': {
        const align = node.align ?? [];
        return [{ type: 'table', align, header: true, children: node.children.map(tableRow) }];
      }
      case 'thematicBreak':
        return [{ type: 'thematicBreak' }];
      case 'html':
        return [paragraph(text(node.value))];
      case 'footnoteDefinition': {
        const label = text(`[${node.label ?? node.identifier}] `);
        const [first, ...more] = node.children.flatMap(block);
        if (first?.type === 'paragraph') return [paragraph(label, ...first.children), ...more];
        return [paragraph(label), ...(first ? [first] : []), ...more];
      }
      default:
        return [];
    }
  }

  function listItem(node: mdast.ListItem, number: number | undefined): ListItem {
    return {
      type: 'listItem',
      spread: node.spread ?? false,
      ...(number !== undefined && { number }),
      ...(typeof node.checked === 'boolean' && { checked: node.checked }),
      children: node.children.flatMap(block),
    };
  }

  function tableRow(node: mdast.TableRow): TableRow {
    return {
      type: 'tableRow',
      children: node.children.map((cell) => ({ type: 'tableCell', children: inlines(cell.children) })),
    };
  }

  function inlines(nodes: readonly mdast.PhrasingContent[]): Inline[] {
    return nodes.flatMap(inline);
  }

  function inline(node: mdast.PhrasingContent): Inline[] {
    switch (node.type) {
      case 'text':
        return [text(node.value)];
      case 'inlineCode':
        return [{ type: 'inlineCode', value: node.value }];
      case 'break':
        return [{ type: 'break' }];
      case 'html':
        return [/^<br\s*\/?>$/i.test(node.value) ? { type: 'break' } : text(node.value)];
      case 'emphasis':
      case 'strong':
      case 'delete':
        return [{ type: node.type, children: inlines(node.children) }];
      case 'link':
        return link(node.url, inlines(node.children));
      case 'linkReference':
        return link(urlOf(node), inlines(node.children));
      case 'image':
        return link(node.url, node.alt ? [text(node.alt)] : []);
      case 'imageReference':
        return link(urlOf(node), node.alt ? [text(node.alt)] : []);
      case 'footnoteReference':
        return [text(`[${node.label ?? node.identifier}]`)];
      default:
        return [];
    }
  }

  function urlOf(reference: mdast.Reference & mdast.Association): string {
    return definitions.get(reference.identifier)?.url ?? '';
  }
}

/** A link that leads nowhere or somewhere dangerous (`file:`, `javascript:`) is written out instead. */
function link(url: string, children: Inline[]): Inline[] {
  if (SAFE_URL.test(url))
    return [{ type: 'link', url, children: children.length > 0 ? children : [text(url)] }];
  return url === '' ? children : [...children, text(children.length > 0 ? ` (${url})` : url)];
}

function collectDefinitions(node: mdast.Nodes, into: Map<string, mdast.Definition>, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
  // The first one counts, as CommonMark has it.
  if (node.type === 'definition' && !into.has(node.identifier)) into.set(node.identifier, node);
  if ('children' in node) for (const child of node.children) collectDefinitions(child, into, depth + 1);
}
