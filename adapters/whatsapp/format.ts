import type { RenderedText } from '../../src/contract/index.ts';
import { type Dialect, layout, plainStyle, renderMarkdown, type Style } from '../../src/markdown/index.ts';
import { capabilities } from './capabilities.ts';

/*
 * https://faq.whatsapp.com/539178204879377: *bold* _italic_ ~strike~ `code` ```block```. WhatsApp has no way to escape a
 * mark: one that comes from the text gets an invisible character behind it, so that it opens nothing.
 */
const APART = '\u200b';

const text = (value: string) => value.replace(/[*_~`]/g, `$&${APART}`);
/** A mark works only close to its word, and only within one line. */
const marked = (mark: string) => (inner: string) =>
  inner.replace(/^(\s*)(.*?)(\s*)$/gm, (line, before: string, core: string, after: string) =>
    core === '' ? line : `${before}${mark}${core}${mark}${after}`,
  );
const withoutTicks = (value: string) => value.replaceAll('`', `\`${APART}`);

const style: Style = {
  ...plainStyle,
  text,
  strong: marked('*'),
  heading: marked('*'),
  emphasis: marked('_'),
  strike: marked('~'),
  inlineCode: (value) => `\`${withoutTicks(value)}\``,
  codeBlock: (value) => `\`\`\`${withoutTicks(value)}\`\`\``,
};

const dialect: Dialect = {
  limit: capabilities.textLimit,
  measure: (tree) => layout(tree, style).length,
  render(tree) {
    const rendered = layout(tree, style);
    const plain = layout(tree, plainStyle);
    return rendered === plain || plain.length > capabilities.textLimit
      ? { text: rendered }
      : { text: rendered, plain };
  },
};

export function render(markdown: string): readonly RenderedText[] {
  return renderMarkdown(markdown, dialect);
}
