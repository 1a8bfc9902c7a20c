import { describe, expect, it } from 'vitest';
import { render } from '../../../adapters/slack/format.ts';
import { anyText } from '../../contract/samples.ts';
import { fc } from '../../kit/properties.ts';
import { showMrkdwn } from '../../platforms/slack-mrkdwn.ts';

const one = (markdown: string) =>
  render(markdown)
    .map(({ text }) => text)
    .join('\n---\n');
const shown = (markdown: string) =>
  render(markdown)
    .map(({ text }) => showMrkdwn(text).text)
    .join('');

describe('Markdown as mrkdwn', () => {
  it.each([
    ['**bold** and _italic_ and ~~gone~~', '*bold* and _italic_ and ~gone~'],
    ['***both***', '_*both*_'],
    ['# A **very** big title', '*A very big title*'],
    ['`a < b && c`', '`a &lt; b &amp;&amp; c`'],
    ['```ts\nif (a < b) {}\n```', '```\nif (a &lt; b) {}\n```'],
    ['[a page](https://example.org/?a=1&b=2)', '<https://example.org/?a=1&amp;b=2|a page>'],
    ['[**a** page](https://example.org)', '<https://example.org|a page>'],
    ['<https://example.org>', '<https://example.org>'],
    ['![a cat](https://example.org/cat.png)', '<https://example.org/cat.png|a cat>'],
    ['- one\n  - two\n- three', '• one\n  • two\n• three'],
    ['1. one\n2. two', '1. one\n2. two'],
    ['- [x] done\n- [ ] open', '☑ done\n☐ open'],
    ['> said\n> again', '> said\n> again'],
    ['a\n\n---\n\nb', 'a\n\n———\n\nb'],
    ['**two\nlines**', '*two*\n*lines*'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', '```\na │ b\n──┼──\n1 │ 2\n```'],
  ])('%s', (markdown, mrkdwn) => expect(one(markdown)).toBe(mrkdwn));

  it('marks words within words, where Slack needs a gap', () => {
    expect(one('un**believ**able')).toBe('un\u200b*believ*\u200bable');
    expect(one('**重要**です')).toBe('*重要*\u200bです');
    expect(one('**a**_b_')).toBe('*a*_b_');
  });

  it.each([
    '2 * 3 * 4',
    'snake_case_name',
    '\\*not bold\\*',
    '\\_\\_init\\_\\_',
    '~/.config and ~5',
    'a \\` b \\` c',
    '1 < 2 > 0 & so on',
    '\\> no quote',
    '``a ` b``',
  ])('shows every sign of: %s', (markdown) => {
    const plain = markdown.replace(/\\(.)/g, '$1').replace(/^``(.*)``$/, '$1');
    expect(shown(markdown)).toBe(plain);
  });

  it('keeps a code block together, whatever is in it', () => {
    expect(shown('````\nbefore ``` after\n````')).toBe('before ``` after');
  });
});

describe('an agent', () => {
  const CALLS = ['<!channel>', '<!here|x>', '<!everyone>', '<@U0ALICE>', '<!subteam^S1>', '<#C0GENERAL>'];
  const WRAPPINGS = [
    '%',
    '`%`',
    '```\n%\n```',
    '**%**',
    '# %',
    '- %',
    '> %',
    '[%](https://example.org)',
    '[x](https://example.org/%)',
    '| % |\n|---|\n| % |',
    '\\%',
    '<https://example.org|%>',
    '&lt;!channel&gt; %',
  ];

  it.each(WRAPPINGS)('calls nobody: %s', (wrapping) => {
    for (const call of CALLS) {
      for (const { text } of render(wrapping.replaceAll('%', call)))
        expect(showMrkdwn(text).calls).toEqual([]);
    }
  });

  it('calls nobody, whatever it writes', () => {
    const piece = fc.constantFrom(
      ...CALLS,
      '<',
      '>',
      '|',
      '!here',
      '`',
      '```\n',
      '[',
      '](',
      ')',
      '\n',
      '&lt;',
      '&amp;lt;',
      'https://a.b/',
      '*',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const { text } of render(pieces.join(''))) expect(showMrkdwn(text).calls).toEqual([]);
      }),
    );
  });

  it('never writes what Slack would split or cannot take', () => {
    fc.assert(
      fc.property(anyText(3_900), (markdown) => {
        for (const { text } of render(markdown)) {
          expect(text.length).toBeLessThanOrEqual(3_900);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
