import { describe, expect, test } from 'vitest';
import { parseHtml } from './telegram-html.ts';

test('tags become entities, counted in UTF-16 units', () => {
  expect(parseHtml('🙂 <b>a <i>b</i></b> &lt;&amp;&gt;&quot;&#33;&#x1F642; & &nbsp;')).toEqual({
    text: '🙂 a b <&>"!🙂 & &nbsp;',
    entities: [
      { type: 'bold', offset: 3, length: 3 },
      { type: 'italic', offset: 5, length: 1 },
    ],
  });
  expect(parseHtml('<a href="https://a.example/?x&amp;y">a</a>').entities).toEqual([
    { type: 'text_link', offset: 0, length: 1, url: 'https://a.example/?x&y' },
  ]);
  expect(parseHtml('<pre><code class="language-js">x</code></pre><code>y</code>').entities).toEqual([
    { type: 'pre', offset: 0, length: 1, language: 'js' },
    { type: 'code', offset: 1, length: 1 },
  ]);
});

describe('is as strict as Telegram', () => {
  test.each([
    ['é<h1>a</h1>', 'Unsupported start tag "h1" at byte offset 2'],
    ['a < b', 'Unclosed start tag at byte offset 2'],
    ['<b>a', `Can't find end tag corresponding to start tag "b"`],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>a</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
  ])('%s', (html, words) => {
    expect(() => parseHtml(html)).toThrow(words);
  });
});
