import { roomForMark } from '../../src/adapter-kit/index.ts';
import type { RenderedText } from '../../src/contract/index.ts';
import { type Dialect, layout, plainStyle, renderMarkdown, type Style } from '../../src/markdown/index.ts';
import { capabilities } from './capabilities.ts';

/*
 * Signal has no markup: a message is a text, and beside it ranges of it that are bold or otherwise. Between rendering and
 * sending, a range is written into the text: a control character that names the style opens it, another one closes it.
 * No text can bring these characters along: they are taken out of it.
 */
const OPENERS = new Map([
  ['\x01', 'BOLD'],
  ['\x02', 'ITALIC'],
  ['\x03', 'STRIKETHROUGH'],
  ['\x04', 'MONOSPACE'],
]);
const CLOSER = '\x05';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks
const MARKS = /[\x01-\x05]/g;

const withoutMarks = (text: string) => text.replace(MARKS, '');
const marked = (opener: string) => (inner: string) => `${opener}${inner}${CLOSER}`;
const monospace = (value: string) => marked('\x04')(withoutMarks(value));

const style: Style = {
  ...plainStyle,
  text: withoutMarks,
  strong: marked('\x01'),
  heading: marked('\x01'),
  emphasis: marked('\x02'),
  strike: marked('\x03'),
  inlineCode: monospace,
  codeBlock: monospace,
  link(inner, url) {
    const shown = withoutMarks(inner);
    return inner + plainStyle.link(shown, withoutMarks(url)).slice(shown.length);
  },
};

/** Stands before a message that may be there already: Signal cannot tell a second attempt from a second message. */
export const repeatedMark = (sentAgain: string) => `↻ \x02${sentAgain}\x05\n\n`;

const dialect: Dialect = {
  limit:
    capabilities.textLimit -
    roomForMark((sentAgain) => Buffer.byteLength(withoutMarks(repeatedMark(sentAgain)))),
  measure: (tree) => Buffer.byteLength(withoutMarks(layout(tree, style))),
  render(tree) {
    const text = layout(tree, style);
    const plain = withoutMarks(text);
    return plain === text ? { text } : { text, plain };
  },
};

export function render(markdown: string): readonly RenderedText[] {
  return renderMarkdown(markdown, dialect);
}

/** A rendered text as signal-cli takes it: `textStyle` holds `start:length:STYLE`, counted in UTF-16 units. */
export function toStyledText(rendered: string): { message: string; textStyle: string[] } {
  const open: { name: string; start: number }[] = [];
  const textStyle: string[] = [];
  let message = '';
  for (const character of rendered) {
    const name = OPENERS.get(character);
    if (name !== undefined) {
      open.push({ name, start: message.length });
    } else if (character === CLOSER) {
      const { name, start } = open.pop() ?? { name: '', start: message.length };
      if (start < message.length) textStyle.push(`${start}:${message.length - start}:${name}`);
    } else {
      message += character;
    }
  }
  return { message, textStyle };
}
