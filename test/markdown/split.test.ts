import { describe, expect, test } from 'vitest';
import { layout, parse, plainStyle, type Root, type Style, split } from '../../src/markdown/index.ts';
import { fc } from '../kit/properties.ts';
import { markdownDocument } from './documents.ts';

/** What is seen where links are links and quotes are boxes. */
const seen: Style = { ...plainStyle, link: (inner) => inner, quote: (inner) => inner };
const show = (tree: Root) => layout(tree, seen);
const pieces = (markdown: string, limit: number, measure = (text: string) => text.length): string[] =>
  split(parse(markdown), (tree) => measure(show(tree)) <= limit).map(show);

/** What documents.ts writes its words with; markers, borders and addresses are made of other characters. */
const letters = (text: string): string =>
  text
    .match(/[A-Z\p{Script=Han}\p{Emoji}]/gu)
    ?.join('')
    .replace(/[\d#*]/g, '') ?? '';

describe('a document of any shape', () => {
  test('loses no letter, doubles none, and exceeds no limit', () => {
    fc.assert(
      fc.property(markdownDocument, fc.integer({ min: 24, max: 400 }), (markdown, limit) => {
        const cut = pieces(markdown, limit);
        expect(letters(cut.join(''))).toBe(letters(show(parse(markdown))));
        for (const piece of cut) {
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('holds a limit in bytes as well', () => {
    const bytes = (text: string) => Buffer.byteLength(text);
    fc.assert(
      fc.property(markdownDocument, fc.integer({ min: 48, max: 400 }), (markdown, limit) => {
        const cut = pieces(markdown, limit, bytes);
        expect(letters(cut.join(''))).toBe(letters(show(parse(markdown))));
        for (const piece of cut) expect(bytes(piece)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('holds the limit even where markup leaves no room', () => {
    fc.assert(
      fc.property(markdownDocument, fc.integer({ min: 2, max: 24 }), (markdown, limit) => {
        const trees = split(parse(markdown), (tree) => layout(tree, plainStyle).length <= limit);
        for (const tree of trees) expect(layout(tree, plainStyle).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('is cut as it is when every part of it fits', () => {
    fc.assert(
      fc.property(markdownDocument, (markdown) => {
        expect(pieces(markdown, 100_000).join('')).toBe(show(parse(markdown)));
      }),
    );
  });
});

describe('where it is cut', () => {
  test('between blocks, and none that fits a message is torn', () => {
    expect(pieces('one two three\n\nfour five six\n\nseven eight', 30)).toEqual([
      'one two three\n\nfour five six',
      'seven eight',
    ]);
    expect(pieces('# A\n\ntext\n\n# B\n\nmore text', 20)).toEqual(['A\n\ntext', 'B\n\nmore text']);
  });

  test('after a sentence, else between words', () => {
    expect(pieces('It is so. And then more of the same.', 20)).toEqual([
      'It is so. And then',
      'more of the same.',
    ]);
    expect(pieces('Here it all ends. And then more of the same.', 24)).toEqual([
      'Here it all ends.',
      'And then more of the',
      'same.',
    ]);
    expect(pieces('a line of words\nanother line of words', 25)).toEqual([
      'a line of words',
      'another line of words',
    ]);
  });

  test('between items, which keep their numbers', () => {
    expect(pieces('9. nine\n10. ten\n11. eleven', 16)).toEqual(['9. nine\n10. ten', '11. eleven']);
    expect(pieces('1. one two three four five\n2. six', 19)).toEqual([
      '1. one two three',
      '  four five\n2. six',
    ]);
  });

  test('between rows, and the header is not said again', () => {
    expect(pieces('|a|b|\n|-|-|\n|c|d|\n|e|f|', 18)).toEqual(['a │ b\n──┼──\nc │ d', 'e │ f']);
  });

  test('between lines of code, whose language goes along', () => {
    const code = '```js\nlet a = 1;\nlet b = 2;\nlet c = 3;\n```';
    const trees = split(parse(code), (tree) => show(tree).length <= 25);
    expect(trees.map((tree) => tree.children)).toEqual([
      [{ type: 'code', lang: 'js', value: 'let a = 1;\nlet b = 2;' }],
      [{ type: 'code', lang: 'js', value: 'let c = 3;' }],
    ]);
  });

  test('inside bold and links, which are opened again', () => {
    const [first, second] = split(
      parse('**[one two](https://example.org)**'),
      (tree) => show(tree).length <= 4,
    );
    const bold = (value: string) => [
      {
        type: 'paragraph',
        children: [
          {
            type: 'strong',
            children: [{ type: 'link', url: 'https://example.org', children: [{ type: 'text', value }] }],
          },
        ],
      },
    ];
    expect([first?.children, second?.children]).toEqual([bold('one'), bold('two')]);
  });

  test('within a word only if it is too long for a message, and never within a character', () => {
    expect(pieces('ab cdefgh', 6)).toEqual(['ab', 'cdefgh']);
    expect(pieces('ab cdefghijk', 6)).toEqual(['ab cde', 'fghijk']);
    const family = '👨‍👩‍👧‍👦'; // 11 UTF-16 units, one character
    expect(pieces(family.repeat(5), 25)).toEqual([family.repeat(2), family.repeat(2), family]);
    expect(pieces('🙂'.repeat(5), 5)).toEqual(['🙂🙂', '🙂🙂', '🙂']);
    expect(pieces(`a${'\u0301'.repeat(30)}`, 10).map((piece) => piece.length)).toEqual([10, 10, 10, 1]);
  });

  test('a row that is too wide goes on in its column', () => {
    const [, second] = pieces(`|k|v|\n|-|-|\n|a|${'word '.repeat(10)}|`, 40);
    expect(second).toMatch(/^ │ word/);
  });
});

test('the work grows with the length of the text, not with its square', () => {
  const questions = (length: number): number => {
    let asked = 0;
    const markdown = 'A sentence with **bold** words. '.repeat(length / 32);
    split(parse(markdown), (tree) => {
      asked += 1;
      return show(tree).length <= 2000;
    });
    return asked;
  };
  expect(questions(64_000) / questions(16_000)).toBeLessThan(5);
});
