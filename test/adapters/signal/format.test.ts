import { describe, expect, it } from 'vitest';
import { render, toStyledText } from '../../../adapters/signal/format.ts';
import { fc } from '../../kit/properties.ts';

const sent = (markdown: string) => render(markdown).map(({ text }) => toStyledText(text));

describe('Markdown on Signal', () => {
  it.each([
    ['**bold** and _italic_', 'bold and italic', ['0:4:BOLD', '9:6:ITALIC']],
    ['~~gone~~ `code`', 'gone code', ['0:4:STRIKETHROUGH', '5:4:MONOSPACE']],
    ['***both***', 'both', ['0:4:BOLD', '0:4:ITALIC']],
    ['**a _b_ c**', 'a b c', ['2:1:ITALIC', '0:5:BOLD']],
    ['# A **bold** title\n\ntext', 'A bold title\n\ntext', ['2:4:BOLD', '0:12:BOLD']],
    ['😀 **x**', '😀 x', ['3:1:BOLD']],
    ['[here](https://example.org/)', 'here (https://example.org/)', []],
    ['[**here**](https://example.org/)', 'here (https://example.org/)', ['0:4:BOLD']],
    ['<https://example.org/>', 'https://example.org/', []],
    ['- a\n- b\n  1. c', '• a\n• b\n  1. c', []],
    ['> wise\n> words', '> wise\n> words', []],
    ['```js\na **b**\n```', 'a **b**', ['0:7:MONOSPACE']],
    ['|a|b|\n|-|-|\n|1|2|', 'a │ b\n──┼──\n1 │ 2', ['0:17:MONOSPACE']],
  ])('%j', (markdown, message, styles) => {
    const [{ message: text, textStyle } = { message: '', textStyle: [] }, ...more] = sent(markdown);
    expect(more).toEqual([]);
    expect(text).toBe(message);
    expect(textStyle.toSorted()).toEqual(styles.toSorted());
  });

  it('gives plain text beside every marked one', () => {
    expect(render('**bold** `x`')[0]?.plain).toBe('bold x');
    expect(render('nothing special')).toEqual([{ text: 'nothing special' }]);
  });

  it('closes a style at the end of a message and opens it in the next', () => {
    const pieces = sent(`**${'word '.repeat(900).trim()}**`);
    expect(pieces.length).toBeGreaterThan(1);
    for (const { message, textStyle } of pieces) expect(textStyle).toEqual([`0:${message.length}:BOLD`]);
  });

  it('lets no text bring marks of its own', () => {
    expect(sent('a\u0001b\u0005c `\u0002d` [\u0003](https://example.org/\u0004)')[0]).toEqual({
      message: 'abc d [](https://example.org/)',
      textStyle: ['4:1:MONOSPACE'],
    });
  });

  it('styles only what is there', () => {
    const markdown = fc.array(
      fc.constantFrom('**', '_', '`', '~~', 'ab', ' ', '\n', '😀', '\u0001', '\u0005', '> ', '# '),
    );
    fc.assert(
      fc.property(markdown, (parts) => {
        for (const { message, textStyle } of sent(parts.join(''))) {
          expect(message).not.toMatch(/[^\P{Cc}\n\t]/u);
          for (const style of textStyle) {
            const [start = -1, length = 0] = style.split(':').map(Number);
            expect(start).toBeGreaterThanOrEqual(0);
            expect(length).toBeGreaterThan(0);
            expect(start + length).toBeLessThanOrEqual(message.length);
          }
        }
      }),
    );
  });
});
