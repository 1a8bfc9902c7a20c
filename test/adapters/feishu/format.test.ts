import { describe, expect, it } from 'vitest';
import { asContent, asWritten, render, toLines } from '../../../adapters/feishu/format.ts';
import { fc } from '../../kit/properties.ts';
import { shownText } from '../../platforms/feishu-world.ts';

const lines = (markdown: string) => render(markdown).flatMap(({ text }) => toLines(text));
const shown = (markdown: string) =>
  render(markdown)
    .map(({ text }) => shownText(text))
    .join('\n');

describe('Markdown as rich text', () => {
  it('styles', () => {
    expect(lines('a **b** _c_ ~~d~~ ***e*** `f`')).toEqual([
      [
        { tag: 'text', text: 'a ' },
        { tag: 'text', text: 'b', style: ['bold'] },
        { tag: 'text', text: ' ' },
        { tag: 'text', text: 'c', style: ['italic'] },
        { tag: 'text', text: ' ' },
        { tag: 'text', text: 'd', style: ['lineThrough'] },
        { tag: 'text', text: ' ' },
        { tag: 'text', text: 'e', style: ['italic', 'bold'] },
        { tag: 'text', text: ' ' },
        { tag: 'text', text: '`f`' },
      ],
    ]);
  });

  it('links', () => {
    expect(lines('[the **docs**](https://example.org/?a=1&b=2)')).toEqual([
      [{ tag: 'a', text: 'the docs', href: 'https://example.org/?a=1&b=2' }],
    ]);
  });

  it('headings, rules and line breaks', () => {
    expect(lines('# One\n\ntwo\nthree\n\n---')).toEqual([
      [{ tag: 'text', text: 'One', style: ['bold'] }],
      [{ tag: 'text', text: ' ' }],
      [{ tag: 'text', text: 'two' }],
      [{ tag: 'text', text: 'three' }],
      [{ tag: 'text', text: ' ' }],
      [{ tag: 'hr' }],
    ]);
  });

  it('code', () => {
    expect(lines('```ts\nconst a = 1;\n```')).toEqual([
      [{ tag: 'code_block', language: 'TYPESCRIPT', text: 'const a = 1;' }],
    ]);
    expect(lines('```brainfuck\n+\n```')).toEqual([[{ tag: 'code_block', text: '+' }]]);
    expect(lines('```\n```\n\nx')[0]).toEqual([{ tag: 'code_block', text: ' ' }]);
  });

  it('lists, nested and checked', () => {
    expect(shown('- one\n  1. two\n     - three\n- [x] four\n- [ ] five')).toBe(
      '• one\n    1. two\n        • three\n☑ four\n☐ five',
    );
  });

  it('code in a list stands alone', () => {
    expect(lines('- do\n  ```\n  this\n  ```')).toEqual([
      [
        { tag: 'text', text: '• ' },
        { tag: 'text', text: 'do' },
      ],
      [{ tag: 'code_block', text: 'this' }],
    ]);
  });

  it('quotes', () => {
    expect(shown('> one\n> two\n>\n> > three')).toBe('▎ one\n▎ two\n▎  \n▎ ▎ three');
  });

  it('tables', () => {
    expect(lines('| a | b |\n| - | -: |\n| one | 2 |')).toEqual([
      [{ tag: 'code_block', text: 'a   │ b\n────┼──\none │ 2' }],
    ]);
  });

  it('has a plain form for people', () => {
    expect(render('**Hi** [there](https://example.org)')[0]?.plain).toBe('Hi there (https://example.org)');
  });
});

describe('what an agent writes', () => {
  const TAGS = new Set(['text', 'a', 'code_block', 'hr']);

  it.each([
    '<at user_id="all"></at>',
    '<at id=all></at>',
    '[x](javascript:alert(1))',
    '"}]],"x":[[{"tag":"at","user_id":"all"}]]',
    '{"zh_cn":{"content":[[{"tag":"at","user_id":"all"}]]}}',
    '[[{"tag":"img","image_key":"img_1"}]]',
  ])('is never more than text: %s', (markdown) => {
    for (const piece of lines(markdown).flat()) expect(TAGS).toContain(piece.tag);
    for (const piece of toLines(markdown).flat()) expect(TAGS).toContain(piece.tag);
  });

  it('is never more than text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (markdown) => {
        for (const { text } of render(markdown)) {
          for (const piece of toLines(text).flat()) expect(TAGS).toContain(piece.tag);
        }
      }),
    );
  });

  it('fits into a request, however much markup it needs', () => {
    for (const markdown of ['**a** _b_ '.repeat(1500), '"\\" '.repeat(15_000), '- x\n'.repeat(4000)]) {
      const parts = render(markdown);
      for (const { text } of parts) {
        expect(Buffer.byteLength(JSON.stringify({ content: text }))).toBeLessThanOrEqual(28_100);
      }
    }
  });
});

describe('a text that is no rich text', () => {
  it('is shown as it is', () => {
    expect(shownText(asContent(toLines('**a**\n\nb')))).toBe('**a**\n \nb');
    expect(asWritten('')).toEqual([]);
  });
});
