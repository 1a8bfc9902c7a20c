import { expect, test } from 'vitest';
import { capabilities } from '../../../adapters/telegram/capabilities.ts';
import { render } from '../../../adapters/telegram/format.ts';
import { repeatedMark } from '../../../adapters/telegram/repeated.ts';
import { LANGUAGES } from '../../../src/contract/index.ts';
import { textsIn } from '../../../src/texts/index.ts';
import { fc } from '../../kit/properties.ts';
import { markdownDocument } from '../../markdown/documents.ts';
import { parseHtml } from '../../platforms/telegram-html.ts';

const html = (markdown: string): string | undefined => {
  const [only, ...more] = render(markdown);
  expect(more).toEqual([]);
  return only?.text;
};

test.each([
  ['plain words stay as they are', 'Hello, "world"', 'Hello, "world"'],
  ['what HTML means is escaped', '1 < 2 & 3 > 2 <script>', '1 &lt; 2 &amp; 3 &gt; 2 &lt;script&gt;'],
  ['bold, italic, struck', '**b** *i* ~~s~~ ***bi***', '<b>b</b> <i>i</i> <s>s</s> <i><b>bi</b></i>'],
  ['one tilde strikes nothing', 'from ~5 to 10~', 'from ~5 to 10~'],
  ['code', 'run `a < b`', 'run <code>a &lt; b</code>'],
  [
    'a block of code',
    '```js\nif (a < b) c();\n```',
    '<pre><code class="language-js">if (a &lt; b) c();</code></pre>',
  ],
  ['a block of no language', '```\nx\n```', '<pre>x</pre>'],
  [
    'a link',
    '[docs](https://a.example/?x=1&y="2")',
    '<a href="https://a.example/?x=1&amp;y=&quot;2&quot;">docs</a>',
  ],
  ['a bare address', 'see https://a.example', 'see <a href="https://a.example">https://a.example</a>'],
  ['an image', '![a cat](https://a.example/cat.png)', '<a href="https://a.example/cat.png">a cat</a>'],
  [
    'an address that is not safe to follow',
    '[file](file:///etc/passwd) [js](javascript:x)',
    'file (file:///etc/passwd) js (javascript:x)',
  ],
  ['headings', '# One\n\ntext\n\n### Three', '<b>One</b>\n\ntext\n\n<b>Three</b>'],
  [
    'a list in a list',
    '- a\n- b\n  1. c\n  2. d\n     more\n- e',
    '• a\n• b\n  1. c\n  2. d\n     more\n• e',
  ],
  ['tasks', '- [ ] open\n- [x] done', '☐ open\n☑ done'],
  ['code in a list stands at the margin', '- a\n  ```\n  x\n  y\n  ```', '• a\n<pre>x\ny</pre>'],
  ['a quote, and one in it', '> a\n>\n> > b', '<blockquote>a\n\n&gt; b</blockquote>'],
  [
    'a table',
    '|Name|Age|\n|-|-:|\n|**Ann**|7|\n|李雷|12|',
    '<pre>Name │ Age\n─────┼────\nAnn  │   7\n李雷 │  12</pre>',
  ],
  ['a rule', 'a\n\n---\n\nb', 'a\n\n———\n\nb'],
  ['line breaks are kept', 'one\ntwo  \nthree<br>four', 'one\ntwo\nthree\nfour'],
  ['what Markdown would hide is shown', '[x]: https://a.example', '[x]: https://a.example'],
])('%s', (_, markdown, expected) => {
  expect(html(markdown)).toBe(expected);
});

test('the plain form has no markup, and tells where links lead', () => {
  const [rendered] = render('**See** [docs](https://a.example) & `x`');
  expect(rendered?.plain).toBe('See docs (https://a.example) & x');
  expect(render('no markup')).toEqual([{ text: 'no markup' }]);
});

test('blank is nothing', () => {
  expect(render(' \n\t')).toEqual([]);
  expect(render('')).toEqual([]);
});

test.each(LANGUAGES)('a long message leaves room for the mark of a repetition (%s)', (language) => {
  const mark = repeatedMark(textsIn(language).chat.sentAgain);
  const [first, second] = render('word '.repeat(1000));
  expect(first?.text.length).toBeGreaterThan(4000);
  expect(parseHtml(mark.text + first?.text).text.length).toBeLessThanOrEqual(capabilities.textLimit);
  expect(second?.text.trim()).not.toBe('');
  expect(parseHtml(mark.text).text).toBe(mark.plain);
});

test('the plain form never exceeds the limit, however long the addresses are', () => {
  const [only, ...more] = render(`[${'word '.repeat(700)}](https://a.example/${'x'.repeat(3000)})`);
  expect(more).toEqual([]);
  expect(only?.plain?.length).toBeLessThanOrEqual(capabilities.textLimit);
});

test('a code block that is too long is closed and opened again', () => {
  const [first, second] = render(`\`\`\`py\n${'print("<hello>")\n'.repeat(400)}\`\`\``);
  for (const piece of [first, second]) {
    expect(piece?.text).toMatch(/^<pre><code class="language-py">print[\s\S]*\)<\/code><\/pre>$/);
  }
});

test('Telegram understands whatever is written, and shows what the plain form says', () => {
  const visible = (text: string) => text.replaceAll(/\s+|^> /gm, '');
  fc.assert(
    fc.property(
      fc.oneof(markdownDocument, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })),
      (markdown) => {
        for (const { text, plain = text } of render(markdown)) {
          const shown = parseHtml(text);
          expect(shown.text.length).toBeLessThanOrEqual(capabilities.textLimit);
          if (shown.entities.every(({ type }) => type !== 'text_link' && type !== 'blockquote')) {
            expect(visible(shown.text)).toBe(visible(plain));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a text of everything, many times too long, comes through whole', () => {
  const part = [
    '# Heading',
    'A paragraph with **bold *and italic* words**, `code`, [a link](https://a.example) and 👨‍👩‍👧‍👦.',
    '- one\n  - two\n    > quoted\n\n    ```sh\n    echo "<hi>" && true\n    ```\n- [x] three',
    '|a|b|\n|-|-|\n|1|2|',
    '> quote\n> goes on',
    '***',
  ].join('\n\n');
  const pieces = render(Array.from({ length: 200 }, () => part).join('\n\n'));
  const shown = pieces.map(({ text }) => parseHtml(text).text);
  for (const text of shown) expect(text.length).toBeLessThanOrEqual(capabilities.textLimit);
  const everything = shown.join('\n');
  for (const words of [
    'Heading',
    'bold and italic words',
    '👨‍👩‍👧‍👦',
    'echo "<hi>" && true',
    '1 │ 2',
    'goes on',
    '———',
  ]) {
    expect(everything.split(words).length - 1, words).toBe(200);
  }
});
