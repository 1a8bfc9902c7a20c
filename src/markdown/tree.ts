/**
 * What every dialect renders: mdast (its names too), narrowed to what a chat can show. References are resolved, images
 * are links, HTML is text, and only links that a person may safely follow are left.
 */
export interface Root {
  readonly type: 'root';
  readonly children: readonly Block[];
}

export type Block = Paragraph | Heading | Code | Blockquote | List | Table | ThematicBreak;

export interface Paragraph {
  readonly type: 'paragraph';
  readonly children: readonly Inline[];
}

export interface Heading {
  readonly type: 'heading';
  readonly depth: 1 | 2 | 3 | 4 | 5 | 6;
  readonly children: readonly Inline[];
}

export interface Code {
  readonly type: 'code';
  readonly lang?: string;
  readonly value: string;
}

export interface Blockquote {
  readonly type: 'blockquote';
  readonly children: readonly Block[];
}

export interface List {
  readonly type: 'list';
  /** Whether blank lines stand between the items. */
  readonly spread: boolean;
  readonly children: readonly ListItem[];
}

export interface ListItem {
  readonly type: 'listItem';
  readonly spread: boolean;
  /** In ordered lists. */
  readonly number?: number;
  /** In task lists. */
  readonly checked?: boolean;
  /** The rest of an item that began in the message before: it has no marker of its own. */
  readonly continued?: true;
  readonly children: readonly Block[];
}

export interface Table {
  readonly type: 'table';
  readonly align: readonly ('left' | 'right' | 'center' | null)[];
  /** Whether the first row is the header; it is not in the rest of a table that began in the message before. */
  readonly header: boolean;
  readonly children: readonly TableRow[];
}

export interface TableRow {
  readonly type: 'tableRow';
  readonly children: readonly TableCell[];
}

export interface TableCell {
  readonly type: 'tableCell';
  readonly children: readonly Inline[];
}

export interface ThematicBreak {
  readonly type: 'thematicBreak';
}

export type Inline = Text | InlineCode | Break | Emphasis | Strong | Delete | Link;

export interface Text {
  readonly type: 'text';
  /** A newline in it is one that the writer made, and is shown. */
  readonly value: string;
}

export interface InlineCode {
  readonly type: 'inlineCode';
  readonly value: string;
}

export interface Break {
  readonly type: 'break';
}

export interface Emphasis {
  readonly type: 'emphasis';
  readonly children: readonly Inline[];
}

export interface Strong {
  readonly type: 'strong';
  readonly children: readonly Inline[];
}

export interface Delete {
  readonly type: 'delete';
  readonly children: readonly Inline[];
}

export interface Link {
  readonly type: 'link';
  /** `http:`, `https:` or `mailto:`. */
  readonly url: string;
  readonly children: readonly Inline[];
}

export type Leaf = Text | InlineCode | Code;
export type Parent =
  | Root
  | Blockquote
  | List
  | ListItem
  | Table
  | TableRow
  | TableCell
  | Paragraph
  | Heading
  | Emphasis
  | Strong
  | Delete
  | Link;
export type Node = Parent | Leaf | Break | ThematicBreak;

export const text = (value: string): Text => ({ type: 'text', value });
export const paragraph = (...children: readonly Inline[]): Paragraph => ({ type: 'paragraph', children });
export const root = (children: readonly Block[]): Root => ({ type: 'root', children });
