import { fc } from '../kit/properties.ts';

/**
 * Markdown of any shape: its words are upper-case letters, ideographs and emoji, so that a test can tell them from
 * what is put around them.
 */
const word = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[A-Z]{1,12}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Z]{40,90}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('天地玄黄', '宇宙洪荒。日月盈昃', '👨‍👩‍👧‍👦', '🇩🇪🇫🇷', '🙂🙃', 'E\u0301'),
  },
);
const words = fc
  .array(fc.tuple(word, fc.constantFrom(' ', ' ', ' ', '. ', '\n')), { minLength: 1, maxLength: 20 })
  .map((parts) =>
    parts
      .map(([w, gap]) => w + gap)
      .join('')
      .trim(),
  );
const phrase = fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' '));

const inline = fc.oneof(
  words,
  phrase.map((p) => `**${p}**`),
  phrase.map((p) => `*${p}*`),
  phrase.map((p) => `~~${p}~~`),
  phrase.map((p) => `\`${p}\``),
  phrase.map((p) => `[${p}](https://example.org/a)`),
  phrase.map((p) => `**${p} [${p}](https://example.org/b) \`${p}\`**`),
  phrase.map((p) => `![${p}](https://example.org/c.png)`),
);
const prose = fc.array(inline, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(' '));

const indented = (text: string, by: string) => text.replaceAll('\n', `\n${by}`);

const { block } = fc.letrec<{ block: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    prose,
    prose.map((text) => `## ${text.replaceAll('\n', ' ')}`),
    fc.array(words, { minLength: 1, maxLength: 6 }).map((lines) => `\`\`\`js\n${lines.join('\n\n')}\n\`\`\``),
    fc
      .array(fc.tuple(prose, prose, phrase), { minLength: 1, maxLength: 5 })
      .map((rows) => rows.map((row) => `| ${row.join(' | ').replaceAll('\n', ' ')} |`))
      .map(([head, ...rows]) => [head, '|---|:-:|--:|', ...rows].join('\n')),
    fc.constant('---'),
  ),
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    tie('block').map((text) => `> ${indented(text, '> ')}`),
    fc
      .array(tie('block'), { minLength: 1, maxLength: 4 })
      .map((items) => items.map((text) => `- ${indented(text, '  ')}`).join('\n')),
    fc
      .array(tie('block'), { minLength: 1, maxLength: 4 })
      .map((items) => items.map((text, i) => `${i + 1}. ${indented(text, '   ')}`).join('\n\n')),
    fc
      .array(tie('block'), { minLength: 1, maxLength: 3 })
      .map((items) => items.map((text) => `- [x] ${indented(text, '  ')}`).join('\n')),
  ),
}));

export const markdownDocument = fc
  .array(block, { minLength: 1, maxLength: 4 })
  .map((blocks) => blocks.join('\n\n'));
