import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { layout, parse, plainStyle, renderMarkdown } from '../../src/markdown/index.ts';
import { simplify } from '../../src/markdown/simplify.ts';
import { paragraph, root, text } from '../../src/markdown/tree.ts';
import { fc } from '../kit/properties.ts';

const plain = (markdown: string): string => layout(parse(markdown), plainStyle);

test('the short way around the parser leads to the same place', () => {
  const pieces = fc.constantFrom(
    ...[
      'word',
      'Dr. No',
      '1',
      '12.',
      '-',
      '+',
      '=',
      '#',
      '!',
      ':',
      '(',
      ')',
      '"',
      '10)',
      'www',
      'http',
      'é',
      '🙂',
    ],
    ...[
      ' ',
      ' ',
      ' ',
      '\n',
      '\n\n',
      '  ',
      '://',
      'www.',
      '@',
      '*',
      '_',
      '|',
      '\t',
      '&',
      '~',
      '<',
      '\\',
      '`',
      '[',
    ],
  );
  const parsed = (markdown: string) =>
    simplify(
      fromMarkdown(markdown, {
        extensions: [gfm({ singleTilde: false })],
        mdastExtensions: [gfmFromMarkdown()],
      }),
    );
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (parts) => {
      const markdown = parts.join('');
      expect(parse(markdown)).toEqual(parsed(markdown));
    }),
    { numRuns: 3000, examples: [[['word', '\n', ':', '-']]] },
  );
});

describe('what a chat has no form for becomes something that it has', () => {
  test.each([
    ['a reference', '[docs][d]\n\n[d]: https://a.example', 'docs (https://a.example)'],
    ['an image by reference', '![cat][c]\n\n[c]: https://a.example/c.png', 'cat (https://a.example/c.png)'],
    ['an image without words', '![](https://a.example/c.png)', 'https://a.example/c.png'],
    ['a footnote', 'so[^1].\n\n[^1]: Really.', 'so[1].\n\n[1] Really.'],
    ['HTML', 'a <u>b</u>\n\n<div>\nc\n</div>', 'a <u>b</u>\n\n<div>\nc\n</div>'],
    ['an address that leads nowhere here', '[guide](docs/guide.md)', 'guide (docs/guide.md)'],
    ['an e-mail address', 'write to ann@a.example', 'write to ann@a.example'],
    ['a web address without a scheme', 'see www.a.example', 'see www.a.example'],
  ])('%s', (_, markdown, expected) => {
    expect(plain(markdown)).toBe(expected);
  });
});

describe('the plain form can be read by a person', () => {
  test.each([
    ['lists', '1. a\n2. b\n   - c\n\n     d', '1. a\n2. b\n   • c\n\n     d'],
    ['lists with air', '- a\n\n- b', '• a\n\n• b'],
    ['an item of nothing', '- a\n-\n- b', '• a\n•\n• b'],
    ['a numbered task', '3. [x] done', '3. ☑ done'],
    ['quotes', '> a\n> b\n>\n> > c', '> a\n> b\n>\n> > c'],
    ['a table', '|a|b|\n|:-:|-|\n|long word|c|', '    a     │ b\n──────────┼──\nlong word │ c'],
  ])('%s', (_, markdown, expected) => {
    const lines = (shown: string) => shown.replaceAll(/[ \t]+$/gm, '');
    expect(lines(plain(markdown))).toBe(lines(expected));
  });
});

describe('nothing that is written makes it fail', () => {
  test.each([
    ['quotes in quotes', '>'.repeat(20_000)],
    ['lists in lists', Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
    ['emphasis in emphasis', `${'*a '.repeat(500)}${'b*'.repeat(500)}`],
    ['half a link', '['.repeat(5000)],
    ['half a surrogate pair', `a ${'🙂'.charAt(0)} *b*`],
  ])('%s', (_, markdown) => {
    const dialect = {
      limit: 500,
      measure: (tree: ReturnType<typeof parse>) => layout(tree, plainStyle).length,
      render: (tree: ReturnType<typeof parse>) => ({ text: layout(tree, plainStyle) }),
    };
    const rendered = renderMarkdown(markdown, dialect);
    expect(rendered.length).toBeGreaterThan(0);
    for (const { text: shown } of rendered) {
      expect(shown.length).toBeLessThanOrEqual(500);
      expect(shown.isWellFormed()).toBe(true);
    }
  });

  test('what is nested too deep is shown as it was written', () => {
    const markdown = `${'> '.repeat(40)}deep`;
    expect(parse(markdown)).toEqual(root([paragraph(text(markdown))]));
  });
});
