import { expect, it } from 'vitest';
import { render } from '../../../adapters/whatsapp/format.ts';

const shown = (markdown: string) => render(markdown).map(({ text }) => text);
/** An invisible character that keeps a mark from opening anything. */
const APART = '\u200b';

it.each([
  ['**bold** _italic_ ~~gone~~ `code`', '*bold* _italic_ ~gone~ `code`'],
  ['# Title', '*Title*'],
  ['```ts\nlet a;\n```', '```let a;```'],
  ['> said', '> said'],
  ['2 * 3 * 4', `2 *${APART} 3 *${APART} 4`],
  ['snake\\_case\\_name', `snake_${APART}case_${APART}name`],
  ['``a ` b``', `\`a \`${APART} b\``],
])('writes %s in the marks of WhatsApp', (markdown, text) => {
  expect(shown(markdown)).toEqual([text]);
});

it('splits at 4000 characters', () => {
  const texts = shown(`${'word '.repeat(1500)}`);
  expect(texts.length).toBe(2);
  expect(texts.join(' ').match(/word/g)).toHaveLength(1500);
});
