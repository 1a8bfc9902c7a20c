import { describe, expect, it } from 'vitest';
import { render } from '../../../adapters/discord/format.ts';
import { fc } from '../../kit/properties.ts';

const LIMIT = 2000;

function shown(markdown: string): string {
  return render(markdown)
    .map(({ text }) => text)
    .join('\n---\n');
}

describe('Markdown for Discord', () => {
  it.each([
    ['plain text', 'Hello, world!', 'Hello, world!'],
    ['bold', '**a** __b__', '**a** **b**'],
    ['italic', '*a* _b_', '*a* *b*'],
    ['both', '***a***', '***a***'],
    ['struck out', '~~a~~', '~~a~~'],
    ['headings', '# A\n\n## B\n\n### C\n\n#### D', '# A\n\n## B\n\n### C\n\n**D**'],
    ['code', 'run `a_b*c`', 'run `a_b*c`'],
    ['code with a backtick', '`` a`b ``', 'a\\`b'],
    ['a code block', '```ts\nlet a = 1;\n```', '```ts\nlet a = 1;\n```'],
    ['a code block in an odd language', '```a b{1}\nx\n```', '```a\nx\n```'],
    ['an empty code block', '```\n```', '```\n \n```'],
    ['a quote', '> a\n> b', '> a\n> b'],
    ['a quote in a quote', '> a\n>\n> > b', '> a\n> \n> \\> b'],
    ['a list', '- a\n- b\n  - c', '• a\n• b\n  • c'],
    ['a numbered list', '3. a\n4. b', '3. a\n4. b'],
    ['a link', '[a](https://example.org/x_y)', '[a](<https://example.org/x_y>)'],
    ['a bare address', 'see https://example.org/x_y.', 'see <https://example.org/x_y>.'],
    ['an address that Markdown does not know', 'http://localhost:1/x_y', '<http://localhost:1/x_y>'],
    [
      'an address that claims to be another',
      '[https://a.org](https://b.org)',
      '<https://a.org> (<https://b.org>)',
    ],
    ['an address of mail', '[write](mailto:a@example.org)', 'write (a\\@example.org)'],
    ['a picture', '![chart](https://example.org/c.png)', '[chart](<https://example.org/c.png>)'],
    ['a table', '| a | b |\n|---|--:|\n| 1 | 22 |', '```\na │  b\n──┼───\n1 │ 22\n```'],
  ])('%s', (_, markdown, text) => {
    expect(shown(markdown)).toBe(text);
  });

  it.each([
    [
      'signs of markup',
      'a\\_b 2 \\* 3 \\`x\\` \\~\\~y\\~\\~ \\|\\|z\\|\\|',
      'a\\_b 2 \\* 3 \\`x\\` \\~\\~y\\~\\~ \\|\\|z\\|\\|',
    ],
    ['a heading that is none', '\\# a', '\\# a'],
    ['a small print that is none', '\\-# a', '\\-# a'],
    ['a list that is none', '1986\\. A year', '1986\\. A year'],
    ['a quote that is none', '\\>>> a', '\\>>> a'],
    ['everyone', '@everyone and @here', '\\@everyone and \\@here'],
    ['a person', '<@1440000000000000001>', '\\<\\@1440000000000000001>'],
    ['a role', '<@&1440000000000000001>', '\\<\\@&1440000000000000001>'],
    ['a channel', '<#1440000000000000001>', '\\<#1440000000000000001>'],
    ['a link that Markdown does not take', '\\[a](b)', '\\[a\\](b)'],
    ['HTML', '<b>x</b>', '\\<b>x\\</b>'],
  ])('takes no notice of %s', (_, markdown, text) => {
    expect(shown(markdown)).toBe(text);
  });

  it('does not let a code block end before its end', () => {
    const [, ...fences] = shown('~~~\na\n```\n@everyone\n~~~').split('```');
    expect(fences).toHaveLength(2);
  });

  it('drops links that lead elsewhere than to the web', () => {
    expect(shown('[a](file:///etc/passwd) [b](javascript:x)')).not.toContain('](');
  });

  it('cuts what is too long, and opens again what it cut through', () => {
    const code = Array.from({ length: 300 }, (_, n) => `line ${n}`).join('\n');
    const texts = render(`\`\`\`js\n${code}\n\`\`\``).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(LIMIT);
      expect(text).toMatch(/^```js\n[\s\S]*\n```$/);
    }
    expect(texts.map((text) => text.slice(6, -4)).join('\n')).toBe(code);
  });

  it('keeps to the limit that Discord counts, markup included', () => {
    const signs = fc.stringMatching(/^[a*_`|<>#@\\ \n[\]()~:/.-]{0,300}$/);
    fc.assert(
      fc.property(signs, fc.integer({ min: 1, max: 30 }), (piece, times) => {
        for (const { text } of render(piece.repeat(times))) expect(text.length).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 200 },
    );
  });

  it('shows every letter of a text once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 5_000 }), (text) => {
        const escaped = text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
        const read = render(escaped)
          .map((part) => part.text.replace(/\\([^\sA-Za-z0-9])/g, '$1'))
          .join('');
        expect(letters(read)).toBe(letters(text));
      }),
    );
  });
});

/** What of a text takes ink. */
function letters(text: string): string {
  return [...text].filter((letter) => letter > ' ' && /\S/.test(letter)).join('');
}
