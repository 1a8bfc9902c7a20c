import { firstLine, firstWord, hardBreak, softBreak } from './cut-text.ts';
import { loosen } from './loosen.ts';
import { type Block, type Leaf, type Node, type Parent, type Root, root } from './tree.ts';

/**
 * A tree as several, each of which `fits` one message and none of which shows anything twice or not at all. It is cut
 * between blocks; where a block does not fit into a message of its own between items, rows or lines; then between
 * sentences or words; and within a word only if that alone is too long. What a cut goes through (bold, a link, a list,
 * a code block) is closed before it and opened again after it.
 *
 * `fits` must hold for every part of what it holds for. It is asked some thirty times per message, nearly always about
 * trees of about one message's size.
 */
export function split(tree: Root, fits: (tree: Root) => boolean): Root[] {
  const page: Room = { fits: (part) => fits(part as Root), fitsAlone: (part) => fits(part as Root) };
  const pieces: Root[] = [];
  let rest: Root | undefined = tree;
  while (rest !== undefined && rest.children.length > 0) {
    const cut: Cut<Root> | undefined = cutParent(rest, page);
    if (cut === undefined) {
      // Its surroundings (an indent, an address) leave no room for even one letter: so it goes without them.
      const [first, ...others]: readonly Block[] = rest.children;
      const loose = first && loosen(first);
      if (loose === undefined) return [...pieces, rest];
      rest = root([...loose, ...others]);
    } else {
      pieces.push(cut.head);
      rest = cut.rest;
    }
  }
  return pieces;
}

/** What is left of a message, for a node inside it. */
interface Room {
  /** Whether a node fits beside what is there already. */
  fits(part: Node): boolean;
  /** Whether it would fit into a new message. */
  fitsAlone(part: Node): boolean;
}

/** `rest` is absent when nothing is left. */
interface Cut<Of> {
  readonly head: Of;
  readonly rest?: Of | undefined;
}

/** The beginning of a node that fits; undefined when it is better cut off before it. */
function cutNode(node: Node, room: Room): Cut<Node> | undefined {
  switch (node.type) {
    case 'break':
    case 'thematicBreak':
      return undefined;
    case 'text':
    case 'inlineCode':
    case 'code':
      return cutLeaf(node, room);
    default:
      return cutParent(node, room);
  }
}

function cutParent<P extends Parent>(node: P, room: Room): Cut<P> | undefined {
  const children: readonly Node[] = node.children;
  const whole = longest(children.length, (count) => room.fits(having(node, children.slice(0, count))));
  if (whole === children.length) return { head: node };
  const kept = children.slice(0, whole);
  const next = children[whole] as Node;
  const nextRoom: Room = {
    fits: (part) => room.fits(having(node, [...kept, part])),
    fitsAlone: (part) => room.fitsAlone(whole === 0 ? having(node, [part]) : resumed(node, whole, [part])),
  };
  const mayTear = next.type === 'text' || !nextRoom.fitsAlone(next);
  const cut = mayTear ? cutNode(next, nextRoom) : undefined;
  if (cut !== undefined) {
    const after = children.slice(whole + 1);
    return {
      head: having(node, [...kept, cut.head]),
      rest: restOf(node, kept.length, cut.rest === undefined ? after : [cut.rest, ...after]),
    };
  }
  if (kept.length > 1 && kept.at(-1)?.type === 'heading') kept.pop();
  if (kept.every(isFiller)) return undefined;
  return { head: having(node, kept), rest: restOf(node, kept.length, children.slice(kept.length)) };
}

/** Keeps the rest of a row in its columns. */
const FILLER: Node = { type: 'tableCell', children: [] };
const isFiller = (node: Node) => node.type === 'tableCell' && node.children.length === 0;

/** What comes after a cut, without the breaks and blanks that the cut replaces. */
function restOf<P extends Parent>(node: P, column: number, children: readonly Node[]): P | undefined {
  const start = children.findIndex((child) => !isGap(child));
  const first = children[start];
  if (first === undefined) return undefined;
  const others = children.slice(start + 1);
  const trimmed = first.type === 'text' ? { ...first, value: first.value.trimStart() } : first;
  return resumed(node, column, [trimmed, ...others]);
}

function isGap(node: Node): boolean {
  return node.type === 'break' || (node.type === 'text' && node.value.trim() === '');
}

/** The rest of a node that began in the message before: what was said there is not said again. */
function resumed<P extends Parent>(node: P, column: number, children: readonly Node[]): P {
  if (node.type === 'tableRow') return having(node, [...Array<Node>(column).fill(FILLER), ...children]);
  const rest = having(node, children);
  if (rest.type === 'listItem') return { ...rest, continued: true };
  if (rest.type === 'table') return { ...rest, header: false };
  return rest;
}

/** Between words or lines if that leaves a fair piece, or if what comes next then needs no cut at all. */
function cutLeaf<L extends Leaf>(leaf: L, room: Room): Cut<L> | undefined {
  const { value } = leaf;
  const having = (piece: string): L => ({ ...leaf, value: piece });
  const max = longest(value.length, (length) => room.fits(having(value.slice(0, length))));
  if (max === value.length) return { head: leaf };
  if (max === 0) return undefined;
  const code = leaf.type === 'code';
  const soft = code ? Math.max(0, value.lastIndexOf('\n', max)) : softBreak(value, max);
  const next = code
    ? firstLine(value.slice(soft))
    : firstWord(soft === 0 ? value : value.slice(soft).trimStart());
  if (soft <= max / 2 && !room.fitsAlone(having(next))) {
    const hard = hardBreak(value, max);
    return hard === 0 ? undefined : { head: having(value.slice(0, hard)), rest: having(value.slice(hard)) };
  }
  if (soft === 0) return undefined;
  if (code) return { head: having(value.slice(0, soft)), rest: having(value.slice(soft + 1)) };
  const head = value.slice(0, soft);
  const rest = value.slice(soft).trimStart();
  return { head: having(head.trimEnd() || head), rest: rest === '' ? undefined : having(rest) };
}

/** The same node with other children; they are of the kinds that it had. */
function having<P extends Parent>(node: P, children: readonly Node[]): P {
  return { ...node, children } as P;
}

/** The largest number up to `limit` for which `fits` holds, if it holds for all smaller ones. Asks near the answer only. */
function longest(limit: number, fits: (count: number) => boolean): number {
  let low = 0;
  let high = 1;
  while (high < limit && fits(high)) {
    low = high;
    high *= 2;
  }
  if (high >= limit) {
    if (fits(limit)) return limit;
    high = limit;
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
