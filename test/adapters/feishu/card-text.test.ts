import { describe, expect, it } from 'vitest';
import { toCardText } from '../../../adapters/feishu/card-text.ts';
import { asWritten, render, toLines, toPlain } from '../../../adapters/feishu/format.ts';
import { fc } from '../../kit/properties.ts';
import { faceOf, shownMarkdown } from '../../platforms/feishu-cards.ts';

const written = (markdown: string) => toCardText(render(markdown).flatMap(({ text }) => toLines(text)));

describe('lines as the Markdown of cards', () => {
  it.each([
    ['a **b** _c_ ~~d~~ ***e***', 'a **b** *c* ~~d~~ ***e***'],
    ['**b**_c_', '**b**\u200b*c*'],
    ['so **(now)** then', 'so **(now)** then'],
    ['[the docs](https://example.org/?a=1&b=(2))', '[the docs](https://example.org/?a=1&b=%282%29)'],
    ['`a*b`', '&#96;a&#42;b&#96;'],
    ['1 < 2 & 3', '1 &#60; 2 &#38; 3'],
    ['at 12:30 :OK:', 'at 12:30 &#58;OK:'],
    ['one\n\n---\n\ntwo', 'one\n \n<hr>\n \ntwo'.replaceAll('\n \n', '\n\u00a0\n')],
    ['- a\n  - b', '• a\n\u00a0\u00a0\u00a0\u00a0• b'],
    ['1. a\n2. b', '1&#46; a\n2&#46; b'],
    ['\\# no heading', '&#35; no heading'],
    ['```ts\na `` b\n```', '```TYPESCRIPT\na `` b\n```'],
    ['````\n```\n````', '````\n```\n````'],
    ['> q', '▎ q'],
  ])('%s', (markdown, text) => {
    expect(written(markdown)).toBe(text);
  });

  it('leaves out marks that would be read as letters', () => {
    const bold = { tag: 'text', text: '!' } as const;
    const text = (words: string) => ({ tag: 'text', text: words }) as const;
    expect(toCardText([[text('x'), { ...bold, style: ['bold'] }, text('y')]])).toBe('x!y');
    expect(toCardText([[text('x '), { ...bold, style: ['bold'] }, text(' y')]])).toBe('x **!** y');
  });

  it('leaves out links that Feishu would refuse', () => {
    const lines = [[{ tag: 'a', text: 'x', href: 'ftp://example.org' } as const]];
    expect(toCardText(lines)).toBe('x (ftp://example.org)');
  });

  it('never mentions anybody, and shows every letter', () => {
    const tricky = fc.array(
      fc.constantFrom(
        '<at id=all>',
        '</at>',
        '<',
        'at',
        ' id=all',
        '>',
        '`',
        '```\n',
        '*',
        '_',
        '\n',
        'x',
        '&#60;',
        '\\',
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(tricky, (parts) => {
        const lines = render(parts.join('')).flatMap(({ text }) => toLines(text));
        const content = toCardText(lines);
        expect(faceOf({ body: { elements: [{ tag: 'markdown', content }] } }).mentions).toEqual([]);
      }),
    );
    const printable = fc.stringMatching(/^[!-~][ -~]{0,60}$/);
    fc.assert(
      fc.property(printable, (text) => {
        const lines = asWritten(text);
        expect(shownMarkdown(toCardText(lines))).toBe(toPlain(lines));
      }),
    );
  });
});
