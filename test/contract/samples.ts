import type { ChannelCapabilities } from '../../src/contract/index.ts';
import { fc } from '../kit/properties.ts';

/** A Markdown text, and the words that its reader must see, in order. Words are `w1x`, `w2x`, …, so that nothing else looks like one. */
export interface Sample {
  readonly markdown: string;
  readonly words: readonly string[];
}

/** Texts of all that agents write, up to a few times as long as one message. */
export function markdownWithWords(limit: number): fc.Arbitrary<Sample> {
  const blocks = fc.array(fc.tuple(fc.constantFrom(...BLOCKS), fc.integer({ min: 1, max: 12 })), {
    maxLength: 8,
  });
  const repeats = fc.integer({ min: 1, max: Math.ceil(limit / 100) });
  return fc.tuple(blocks, repeats).map(([shapes, times]) => {
    let count = 0;
    const next = () => `w${++count}x`;
    const repeated = Array.from({ length: times }, () => shapes).flat();
    const parts: string[] = [];
    for (const [block, length] of repeated) {
      parts.push(block(Array.from({ length }, next)));
      if (parts.reduce((sum, part) => sum + part.length, 0) > 4 * limit) break;
    }
    return {
      markdown: parts.join('\n\n'),
      words: Array.from({ length: count }, (_, index) => `w${index + 1}x`),
    };
  });
}

type Block = (words: readonly string[]) => string;

const BLOCKS: readonly Block[] = [
  (words) => words.join(' '),
  (words) => words.join('\n'),
  (words) => words.map((word, index) => (index % 2 === 0 ? `**${word}**` : `_${word}_`)).join(' '),
  (words) => words.map((word) => `\`${word}\` 😀`).join(', '),
  (words) => `## ${words.join(' & ')}`,
  (words) => words.map((word) => `- ${word}`).join('\n'),
  (words) => words.map((word, index) => `${index + 1}. ${word} < 3`).join('\n'),
  (words) => words.map((word) => `> ${word}`).join('\n'),
  (words) => `\`\`\`ts\nconst a = "<b>";\n${words.join('\n')}\n\`\`\``,
  (words) => `\`\`\`\n${words.join(' ')}\n\`\`\``,
  (words) => words.map((word) => `[${word}](https://example.org/?a=1&b=2)`).join(' '),
  (words) => `***${words.join(' ')}***`,
  (words) => words.map((word) => `~~${word}~~`).join(' '),
];

/** The words in what is shown, put together as a reader would: a word may be cut by the end of a message. */
export function wordsOf(shown: readonly string[]): string[] {
  return shown.join('').match(/w\d+x/g) ?? [];
}

/** Anything that can be in a string, up to a few times as long as one message. */
export function anyText(limit: number): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '`',
      '```\n',
      '**',
      '_',
      '[',
      '](',
      '<b>',
      '&amp;',
      '\n\n',
      '> ',
      '- ',
      '|',
      '\\',
      '\ud83d',
      '\0',
      '👨‍👩‍👧‍👦',
    ),
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
  const repeated = fc
    .tuple(text, fc.integer({ min: 1, max: Math.ceil(limit / 20) }))
    .map(([part, times]) => part.repeat(times).slice(0, 4 * limit));
  // No place to cut, and characters of two units at the limit.
  const unbroken = fc.nat(3).map((offset) => 'x'.repeat(offset) + '😀'.repeat(limit));
  return fc.oneof({ arbitrary: repeated, weight: 4 }, unbroken);
}

export function lengthIn(unit: ChannelCapabilities['textUnit'], text: string): number {
  if (unit === 'byte') return Buffer.byteLength(text);
  return unit === 'utf16' ? text.length : [...text].length;
}

export function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
