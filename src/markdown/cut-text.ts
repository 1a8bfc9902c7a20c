const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Where to end a piece of `text` of at most `max` UTF-16 units (fewer than the text has) so that a reader is not
 * disturbed: after a line or a sentence if the piece stays at least half as long, else between words. 0: nowhere.
 */
export function softBreak(text: string, max: number): number {
  const half = Math.floor(max / 2);
  const line = text.lastIndexOf('\n', max);
  if (line > half) return line;
  let word = 0;
  for (let at = max; at > half; at--) {
    if (!isBlank(text, at)) continue;
    if (endsSentence(text, at)) return at;
    word ||= at;
  }
  for (let at = half; word === 0 && at > 0; at--) if (isBlank(text, at)) word = at;
  return word;
}

/** The first word of `text`, with the blanks before it, if any. */
export function firstWord(text: string): string {
  return /^\s*\S*/.exec(text)?.[0] ?? '';
}

/** The first line of `text`, with the line break before it. */
export function firstLine(text: string): string {
  const end = text.indexOf('\n', 1);
  return end === -1 ? text : text.slice(0, end);
}

/**
 * Where to end a piece of a single huge word: between two characters as people see them (families of emoji stay whole),
 * else between two code points. 0: not even one fits.
 */
export function hardBreak(text: string, max: number): number {
  const whole = graphemes.segment(text.slice(0, max + 64)).containing(max)?.index ?? 0;
  if (whole > 0) return whole;
  return isPair(text, max - 1) ? max - 1 : max;
}

function isBlank(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}

function endsSentence(text: string, at: number): boolean {
  return /[.!?…。！？]/.test(text.charAt(at - 1));
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}
