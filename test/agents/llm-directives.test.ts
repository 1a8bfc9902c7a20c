import { describe, expect, test } from 'vitest';
import { createDirectives } from '../../src/agents/llm/directives.ts';
import { fc } from '../kit/properties.ts';

/** What comes of an answer that arrives in these pieces. */
function read(...pieces: readonly string[]) {
  const directives = createDirectives();
  const said = pieces.map((piece) => directives.push(piece));
  const { rest, choices, reaction } = directives.end();
  return { text: said.join('') + rest, early: said.join(''), choices, reaction };
}

/** The same answer, one character at a time. */
const slowly = (answer: string) => read(...answer);

const ASKED = 'Tea or coffee?\n\n```choices\nTea\n- Coffee, black\n3. None\n```\n';

describe('what a model says to the app and not to the person', () => {
  test.each([read, slowly])('choices are the last block of the answer', (by) => {
    expect(by(ASKED)).toMatchObject({
      text: 'Tea or coffee?\n',
      choices: ['Tea', 'Coffee, black', 'None'],
      reaction: undefined,
    });
  });

  test.each([read, slowly])('a reaction is its first line, and may be all of it', (by) => {
    expect(by('[react: 👍]\nDone.')).toMatchObject({ text: 'Done.', reaction: '👍' });
    expect(by('[react: 🧑‍🚀]')).toMatchObject({ text: '', reaction: '🧑‍🚀' });
    expect(by(`[react: 👍]\n${ASKED}`)).toMatchObject({ text: 'Tea or coffee?\n', reaction: '👍' });
  });

  test.each([
    '[reading] is fun',
    '[react] is a library',
    'Write [react: 👍] to react',
    '```choices\n\n```',
    '```choices\nTea\n```\nand more text',
    '```choices\nnever closed',
    'Inline `code` and\n```js\nlet choices = 1;\n```\n',
    '`',
    '\n\n',
    '',
  ])('what only looks like it is text: %j', (answer) => {
    expect(slowly(answer)).toMatchObject({ text: answer, choices: [], reaction: undefined });
    expect(read(answer).text).toBe(answer);
  });

  test('text is not held back for long', () => {
    expect(read('It is a fine day. ').early).toBe('It is a fine day. ');
    expect(read('See:\n```js\nlet a;\n').early).toBe('See:\n```js\nlet a;');
  });

  test('nothing is lost and nothing depends on the pieces', () => {
    const bits = fc.constantFrom(
      '[react: 👍]',
      '[react',
      '\n',
      '```',
      '```choices\n',
      'Tea',
      '`',
      ' ',
      'choices',
    );
    fc.assert(
      fc.property(fc.array(bits), (parts) => {
        const answer = parts.join('');
        const { text, choices, reaction } = read(answer);
        expect(slowly(answer)).toMatchObject({ text, choices, reaction });
        expect(read(...parts)).toMatchObject({ text, choices, reaction });
        if (choices.length === 0 && reaction === undefined) expect(text).toBe(answer);
      }),
    );
  });
});
