import type { RenderedText } from '../../src/contract/index.ts';
import {
  type Dialect,
  layout,
  plainStyle,
  type Root,
  renderMarkdown,
  type Style,
} from '../../src/markdown/index.ts';
import { capabilities, MARK_ROOM } from './capabilities.ts';

/** https://core.telegram.org/bots/api#html-style. Quotes do not nest there, so inner ones get marked lines. */
const html: Style = {
  text: escapeText,
  strong: (inner) => `<b>${inner}</b>`,
  emphasis: (inner) => `<i>${inner}</i>`,
  strike: (inner) => `<s>${inner}</s>`,
  inlineCode: (value) => `<code>${escapeText(value)}</code>`,
  link: (inner, url) => `<a href="${escapeAttribute(url)}">${inner}</a>`,
  heading: (inner) => `<b>${inner}</b>`,
  codeBlock: (value, lang) =>
    lang === undefined
      ? `<pre>${escapeText(value)}</pre>`
      : `<pre><code class="language-${escapeAttribute(lang)}">${escapeText(value)}</code></pre>`,
  quote: (inner, nested) => (nested ? inner.replace(/^/gm, '&gt; ') : `<blockquote>${inner}</blockquote>`),
  rule: plainStyle.rule,
};

/** What the reader sees of it, which is what Telegram counts. */
const visible: Style = {
  ...plainStyle,
  link: (inner) => inner,
  quote: (inner, nested) => (nested ? plainStyle.quote(inner, nested) : inner),
};

const dialect: Dialect = {
  limit: capabilities.textLimit - MARK_ROOM,
  measure: (tree) => layout(tree, visible).length,
  render(tree) {
    const text = layout(tree, html);
    const plain = plainOf(tree);
    return text === plain ? { text } : { text, plain };
  },
};

export function render(markdown: string): RenderedText[] {
  return renderMarkdown(markdown, dialect);
}

/** With the addresses of links spelled out, unless that would exceed the limit that the message itself keeps. */
function plainOf(tree: Root): string {
  const full = layout(tree, plainStyle);
  return full.length <= dialect.limit ? full : layout(tree, visible);
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;');
}
