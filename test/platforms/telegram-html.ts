/** A range of a text with a meaning; counted in UTF-16 units. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
}

/** Why Telegram does not understand a text, as it says it. */
export class CannotParse extends Error {}

const TYPES: Readonly<Record<string, string>> = {
  a: 'text_link',
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  u: 'underline',
  ins: 'underline',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-spoiler': 'spoiler',
};

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface OpenTag {
  name: string;
  attributes: ReadonlyMap<string, string>;
  offset: number;
}

/** Reads Telegram's HTML (https://core.telegram.org/bots/api#html-style) as strictly as Telegram does. */
export function parseHtml(html: string): { text: string; entities: Entity[] } {
  const entities: Entity[] = [];
  const open: OpenTag[] = [];
  let text = '';
  let at = 0;
  while (at < html.length) {
    const character = html.charAt(at);
    if (character === '&') {
      const reference = /^&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/i.exec(html.slice(at, at + 16));
      const decoded = reference && decode(reference);
      text += decoded ?? '&';
      at += decoded == null ? 1 : (reference?.[0].length ?? 1);
      continue;
    }
    if (character !== '<') {
      text += character;
      at += 1;
      continue;
    }
    const byteOffset = Buffer.byteLength(html.slice(0, at));
    const end = html.indexOf('>', at);
    if (end === -1) throw new CannotParse(`Unclosed start tag at byte offset ${byteOffset}`);
    const tag = html.slice(at + 1, end);
    at = end + 1;
    if (tag.startsWith('/')) close(tag.slice(1).trim().toLowerCase(), byteOffset);
    else openTag(tag, byteOffset);
  }
  const unclosed = open.at(-1);
  if (unclosed) throw new CannotParse(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return { text, entities };

  function openTag(tag: string, byteOffset: number): void {
    const name = /^[^\s]*/.exec(tag)?.[0].toLowerCase() ?? '';
    if (TYPES[name] === undefined) {
      throw new CannotParse(`Unsupported start tag "${name}" at byte offset ${byteOffset}`);
    }
    const attributes = new Map<string, string>();
    for (const [, key = '', value = ''] of tag.slice(name.length).matchAll(/([a-z-]+)="([^"]*)"/gi)) {
      attributes.set(
        key.toLowerCase(),
        value.replace(/&(lt|gt|amp|quot);/g, (_, entity: string) => NAMED[entity] ?? ''),
      );
    }
    open.push({ name, attributes, offset: text.length });
  }

  function close(name: string, byteOffset: number): void {
    const last = open.pop();
    if (last === undefined) throw new CannotParse(`Unexpected end tag at byte offset ${byteOffset}`);
    if (name !== '' && name !== last.name) {
      throw new CannotParse(
        `Unmatched end tag at byte offset ${byteOffset}, expected "</${last.name}>", found "</${name}>"`,
      );
    }
    const length = text.length - last.offset;
    if (length === 0) return;
    const { name: tag, attributes, offset } = last;
    const url = attributes.get('href');
    const language = attributes.get('class')?.replace(/^language-/, '');
    const isLanguageOfPre = tag === 'code' && language !== undefined && open.at(-1)?.name === 'pre';
    if (isLanguageOfPre) {
      const pre = open.at(-1);
      if (pre) open[open.length - 1] = { ...pre, attributes: new Map([['class', language]]) };
      return;
    }
    entities.push({
      type: TYPES[tag] ?? '',
      offset,
      length,
      ...(tag === 'a' && url !== undefined && { url }),
      ...(tag === 'pre' && language !== undefined && { language }),
    });
  }
}

function decode([, hex, decimal, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return NAMED[name.toLowerCase()];
  const code = Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
