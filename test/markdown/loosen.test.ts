import { expect, test } from 'vitest';
import { layout, parse, plainStyle, split } from '../../src/markdown/index.ts';
import { loosen } from '../../src/markdown/loosen.ts';
import { paragraph, root, text } from '../../src/markdown/tree.ts';

const loosened = (markdown: string): string => {
  const [first] = parse(markdown).children;
  return layout(root((first && loosen(first)) ?? []), plainStyle);
};

test.each([
  ['a quote', '> a\n>\n> b', 'a\n\nb'],
  ['a heading', '# a', 'a'],
  ['code', '```\na\n```', 'a'],
  ['a link', 'see [a](https://a.example)', 'see a (https://a.example)'],
  ['a table', '|a|b|\n|-|-|\n|c|d|', 'a b \n\nc d '],
  ['a list loses its first item only', '1. a\n2. b', '1. a\n\n2. b'],
  ['a task keeps its box', '- [x] a', '☑ a'],
  ['an item of code keeps its number', '1. ```\n   a\n   ```', '1. \n\na'],
])('%s', (_, markdown, expected) => {
  expect(loosened(markdown)).toBe(expected);
});

test('the rest of an item has no marker to keep', () => {
  const item = {
    type: 'listItem',
    spread: false,
    continued: true,
    children: [paragraph(text('a'))],
  } as const;
  expect(loosen({ type: 'list', spread: false, children: [item] })).toEqual([paragraph(text('a'))]);
});

test('an address longer than a message is written out, and cut', () => {
  const address = `https://a.example/${'x'.repeat(100)}`;
  const pieces = split(parse(`[a](${address})`), (tree) => layout(tree, plainStyle).length <= 50);
  expect(pieces.map((piece) => layout(piece, plainStyle)).join('')).toBe(`a (${address})`);
});
