/*
 * What platforms and people send can hold line breaks that forge a line of the log, and sequences that command a terminal
 * or turn the direction of writing. All of it is shown as an escape.
 */

/** C0 and C1 controls, delete, the line separators, and the marks of writing direction. */
const UNSAFE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;
/** Those of them that JSON leaves as they are. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT[character] ?? unicode(character));
}

/** The same for a line of JSON, which stays JSON of the same meaning (and has its C0 controls escaped already). */
export function escapeJsonLine(line: string): string {
  return line.replace(UNSAFE_IN_JSON, unicode);
}

/** For every text inside of a value; of a stack trace, the line breaks before its frames stay. */
export function escapeDeep(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key === 'stack' ? escapeStack(value) : escapeControls(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => escapeDeep(item));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [escapeControls(name), escapeDeep(item, name)]),
  );
}

function escapeStack(stack: string): string {
  return stack
    .split(/\n(?= {4}at )/)
    .map(escapeControls)
    .join('\n');
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
