import { markerOf } from './layout.ts';
import { plainStyle } from './plain.ts';
import { layoutInlines } from './style.ts';
import { type Block, type Inline, type List, type ListItem, paragraph, text } from './tree.ts';

/** A block with one layer of markup less, and all of its words; undefined when it has none. */
export function loosen(block: Block): readonly Block[] | undefined {
  switch (block.type) {
    case 'blockquote':
      return block.children;
    case 'list':
      return loosenList(block);
    case 'table':
      return block.children.map((row) =>
        paragraph(...row.children.flatMap((cell): Inline[] => [...cell.children, text(' ')])),
      );
    case 'heading':
      return [paragraph(...block.children)];
    case 'code':
      return [paragraph(text(block.value))];
    case 'thematicBreak':
      return [];
    case 'paragraph':
      if (block.children.every((child) => child.type === 'text')) return undefined;
      return [paragraph(text(layoutInlines(block.children, plainStyle)))];
  }
}

/** Only the first item, which is in the way, is taken out. */
function loosenList(list: List): readonly Block[] {
  const [first, ...others] = list.children;
  if (first === undefined) return [];
  return others.length === 0 ? outOfList(first) : [...outOfList(first), { ...list, children: others }];
}

function outOfList(item: ListItem): readonly Block[] {
  if (item.continued) return item.children;
  const [first, ...others] = item.children;
  const marker = text(markerOf(item));
  if (first?.type === 'paragraph') return [paragraph(marker, ...first.children), ...others];
  return [paragraph(marker), ...item.children];
}
