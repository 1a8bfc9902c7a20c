import type { Line } from './format.ts';

type Piece = Line[number];

/**
 * Lines as the Markdown of cards, which reads HTML too: `<at id=all></at>` would call everyone. So all that could be
 * markup is written as character references, by which Feishu shows it as it is
 * (feishu-cards/card-json-v2-components/content-components/rich-text).
 */
export function toCardText(lines: readonly Line[]): string {
  return lines.map(lineText).join('\n');
}

const MARKUP = /[\\`*_~[\]<>&$|]|:(?=\w+:)/g;
/** What makes a heading, an item or a line across, where it begins a line. */
const BLOCK_START = /^ *(?:[#+=-]|\d+[.)])/;
/** It means code in Markdown. */
const INDENT = /^ +/;
/** Shows nothing, and keeps apart what would be read as one mark. */
const JOINT = '\u200b';

function lineText(line: Line): string {
  const parts = line.map((piece, at) => pieceText(piece, wordsOf(line[at - 1]), wordsOf(line[at + 1])));
  const text = parts.reduce(
    (before, part) => `${before}${/[*~]$/.test(before) && /^[*~]/.test(part) ? JOINT : ''}${part}`,
    '',
  );
  if (line[0]?.tag !== 'text') return text;
  return text
    .replace(BLOCK_START, (start) => start.replace(/[#+=.)-]/g, reference))
    .replace(INDENT, (spaces) => '\u00a0'.repeat(spaces.length));
}

function pieceText(piece: Piece, before: string, after: string): string {
  switch (piece.tag) {
    case 'text':
      return styled(piece.text, piece.style ?? [], before, after);
    case 'a':
      return link(piece.text, piece.href);
    case 'code_block':
      return code(piece.text, piece.language ?? '');
    case 'hr':
      return '<hr>';
    case 'img':
      return '';
  }
}

const MARKS = { bold: '**', italic: '*', lineThrough: '~~' } as const;

/** A mark counts as one only between a word and no word; where it would not, the text goes without. */
function styled(text: string, styles: readonly (keyof typeof MARKS)[], before: string, after: string) {
  const [, lead = '', core = '', trail = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  const opens = beginsWithWord(core) || lead !== '' || !endsWithWord(before);
  const closes = endsWithWord(core) || trail !== '' || !beginsWithWord(after);
  const marks = core !== '' && opens && closes ? styles.map((style) => MARKS[style]) : [];
  return `${lead}${marks.join('')}${core.replace(MARKUP, reference)}${marks.toReversed().join('')}${trail}`;
}

/** Feishu refuses cards with links of other kinds. */
function link(text: string, href: string): string {
  const shown = text.replace(MARKUP, reference);
  if (/^https?:/i.test(href)) return `[${shown}](${href.replace(/[\s()<>\\]/g, percent)})`;
  return text === href ? shown : `${shown} (${href.replace(MARKUP, reference)})`;
}

function code(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  // Here nothing can be a character reference, and nobody promises that a mention is none.
  return `${fence}${language}\n${text.replace(/<(?=\/?(?:at|person)\b)/gi, `<${JOINT}`)}\n${fence}`;
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function wordsOf(piece: Piece | undefined): string {
  return piece !== undefined && 'text' in piece ? piece.text : '';
}

function beginsWithWord(text: string): boolean {
  return /^[\p{L}\p{N}]/u.test(text);
}

function endsWithWord(text: string): boolean {
  return /[\p{L}\p{N}]$/u.test(text);
}
