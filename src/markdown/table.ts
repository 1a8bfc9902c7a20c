import { plainStyle } from './plain.ts';
import { layoutInlines } from './style.ts';
import type { Table } from './tree.ts';

/** A wider cell sticks out of its column: aligning all others to it would fill the screen with blanks. */
const MAX_COLUMN = 40;

/** Letters that take two cells of a fixed-width font: East Asian ones and emoji. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/gu;

/** The lines of a table, for a fixed-width font. */
export function alignTable(table: Table): string {
  const rows = table.children.map((row) =>
    row.children.map((cell) => layoutInlines(cell.children, plainStyle).replaceAll('\n', ' ')),
  );
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.min(MAX_COLUMN, Math.max(...rows.map((row) => width(row[column] ?? '')))),
  );
  const lines = rows.map((row) =>
    widths
      .map((room, column) => pad(row[column] ?? '', room, table.align[column] ?? null))
      .join(' │ ')
      .trimEnd(),
  );
  if (table.header) lines.splice(1, 0, widths.map((room) => '─'.repeat(room)).join('─┼─'));
  return lines.join('\n');
}

function pad(cell: string, room: number, align: Table['align'][number]): string {
  const blanks = Math.max(0, room - width(cell));
  const left = align === 'right' ? blanks : align === 'center' ? Math.floor(blanks / 2) : 0;
  return ' '.repeat(left) + cell + ' '.repeat(blanks - left);
}

function width(cell: string): number {
  const letters = [...cell].length;
  return letters + (cell.match(WIDE)?.length ?? 0);
}
