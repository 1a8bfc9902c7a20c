/*
 * Markdown that is hard to carry, of any length: every word in it is numbered, so that a test can tell whether each comes
 * out once and in its place, whatever markup is around it.
 */

const FAMILY = '👨‍👩‍👧‍👦';
const STEMS = ['word', 'שלום', 'مرحبا', '海豹', FAMILY, 'E\u0301tude', '🇩🇪'];
const NUMBERED = new RegExp(`(?:${STEMS.join('|')})\\d+(?!\\d)`, 'gu');
const FENCES = ['```', '````', '``````', '~~~'];

/** The numbered words of a text, in their order. */
export function numberedWords(text: string): string[] {
  return text.match(NUMBERED) ?? [];
}

/** A page of at least so many UTF-16 units. */
export function torturePage(length: number): string {
  let count = 0;
  const word = () => {
    count += 1;
    return `${STEMS[count % STEMS.length]}${count}`;
  };
  const words = (many: number) => Array.from({ length: many }, word).join(' ');
  const parts: string[] = [];
  let written = 0;
  for (let round = 0; written < length; round += 1) {
    const fence = FENCES[round % FENCES.length] ?? '';
    const section = [
      `## ${words(3)}`,
      `${words(4)} **${words(2)} *${words(2)}*** ~~${word()}~~ \`${word()}\` \`\`${word()} \` ${word()}\`\` * _ < & > @everyone`,
      `- ${words(3)}\n  1. ${words(3)}\n     - ${word()}\n\n       ${words(2)}\n       > ${words(2)}\n  2. ${word()}\n- [x] ${words(3)}`,
      `| ${word()} | ${word()} |\n|---|--:|\n| ${word()} | **${word()}** |\n| \`${word()}\` | ${words(3)} |`,
      `${fence}js\nif (a) { ${word()} }\n\n\`\` ${words(4)} \`\n${fence}`,
      `> ${words(5)}\n>\n> > ${words(5)}`,
      `[${words(2)}](https://example.org/${'a'.repeat(1 + ((round * 97) % 700))}) and https://example.org/?${'b'.repeat(round % 90)}`,
      `שלום עולם ${words(6)} مرحبا بالعالم ${words(6)}`,
      `${FAMILY.repeat(1 + (round % 40))} ${word()}`,
      words(1 + ((round * 31) % 300)),
      '---',
    ].join('\n\n');
    parts.push(section);
    written += section.length;
  }
  return parts.join('\n\n');
}
