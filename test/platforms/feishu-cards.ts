import { Refused } from './feishu-refused.ts';

/** What a person sees of a card. */
export interface CardFace {
  readonly text: string;
  readonly buttons: readonly { readonly label: string; readonly value: object }[];
  readonly images: readonly string[];
  readonly mentions: readonly string[];
}

interface Card {
  readonly id: string;
  readonly madeAt: number;
  json: string;
  sequence: number;
  streamingSince: number | undefined;
  /** When it was changed last, and before. */
  readonly changes: number[];
  sent: boolean;
}

interface Element {
  readonly tag: string;
  readonly content?: string;
  readonly element_id?: string;
  readonly img_key?: string;
  readonly text?: { readonly content: string };
  readonly behaviors?: readonly [{ readonly value: object }];
}

interface CardJson {
  readonly schema?: string;
  readonly config?: { streaming_mode?: boolean; readonly update_multi?: boolean };
  readonly body?: { readonly elements: readonly Element[] };
}

const MAX_BYTES = 30 * 1024;
const STREAMING_MS = 10 * 60_000;
const LIFE_MS = 14 * 24 * 60 * 60_000;
const TAGS = ['markdown', 'div', 'img', 'hr', 'button'];
/** Tags of HTML that the Markdown of cards reads; only the first mentions. */
const AT = /<at\s+(?:id|user_id)\s*=\s*["']?([^"'>\s]*)["']?\s*>(?:<\/at>)?/g;

/** The cards of a FakeFeishu: cardkit-v1. */
export class FeishuCards {
  readonly #cards = new Map<string, Card>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  create(type: string, json: string): string {
    if (type !== 'card_json') throw new Refused(10002, 'type');
    const { config } = checked(json);
    const now = this.#now();
    const id = `73553${String(this.#cards.size + 1).padStart(14, '0')}`;
    const streamingSince = config?.streaming_mode ? now : undefined;
    const card = { id, madeAt: now, json, sequence: 0, streamingSince, changes: [], sent: false };
    this.#cards.set(id, card);
    return id;
  }

  /** It goes into a message. */
  send(id: string): void {
    const card = this.#cards.get(id);
    if (card === undefined || card.sent) throw new Refused(230099, 'Failed to create card content');
    card.sent = true;
  }

  face(id: string): CardFace {
    return faceOf(JSON.parse(this.#of(id).json) as CardJson);
  }

  isStreaming(id: string): boolean {
    const { streamingSince } = this.#of(id);
    return streamingSince !== undefined && this.#now() - streamingSince < STREAMING_MS;
  }

  write(id: string, element: string, content: string, sequence: number): void {
    const card = this.#change(id, sequence);
    if (card.streamingSince === undefined) throw new Refused(300309, 'Card streaming closed');
    if (!this.isStreaming(id)) throw new Refused(200850, 'Card streaming timeout');
    if (content === '' || content.length > 100_000) throw new Refused(10002, 'content');
    const json = JSON.parse(card.json) as CardJson;
    const elements = json.body?.elements ?? [];
    if (!elements.some(({ element_id }) => element_id === element)) throw new Refused(300313, element);
    const changed = elements.map((one) => (one.element_id === element ? { ...one, content } : one));
    const written = JSON.stringify({ ...json, body: { ...json.body, elements: changed } });
    checked(written);
    card.json = written;
  }

  set(id: string, settings: string, sequence: number): void {
    const card = this.#change(id, sequence);
    const { config } = JSON.parse(settings) as CardJson;
    if (config?.streaming_mode !== undefined) {
      card.streamingSince = config.streaming_mode ? this.#now() : undefined;
    }
  }

  replace(id: string, json: string, sequence: number): void {
    checked(json);
    this.#change(id, sequence).json = json;
  }

  /** By the message that shows it, or by the answer to a callback. */
  put(id: string, json: string): void {
    const { config } = checked(json);
    const card = this.#of(id);
    card.json = json;
    card.streamingSince = config?.streaming_mode ? this.#now() : undefined;
  }

  #of(id: string): Card {
    const card = this.#cards.get(id);
    if (card === undefined) throw new Refused(200740, 'The card entity does not exist');
    if (this.#now() - card.madeAt > LIFE_MS) throw new Refused(200750, 'The card entity has expired');
    return card;
  }

  #change(id: string, sequence: number): Card {
    const card = this.#of(id);
    if (!Number.isInteger(sequence) || sequence < 1 || sequence > 0x7fff_ffff)
      throw new Refused(10002, 'sequence');
    if (sequence <= card.sequence) throw new Refused(300317, 'the sequence did not increment');
    const now = this.#now();
    if (now - (card.changes.at(-10) ?? 0) < 1000) throw new Refused(99991400, 'too many requests', 429);
    card.sequence = sequence;
    card.changes.push(now);
    return card;
  }
}

function checked(text: string): CardJson {
  const card = JSON.parse(text) as CardJson;
  const elements = card.body?.elements ?? [];
  const ids = elements.flatMap(({ element_id = [] }) => element_id);
  const labels = elements.filter(({ tag }) => tag === 'button').map(({ text }) => text?.content ?? '');
  if (Buffer.byteLength(text) > MAX_BYTES) throw new Refused(200860, 'Card content exceeds limit.');
  if (card.schema !== '2.0') throw new Refused(300303, 'Only schema 2.0 is supported');
  if (card.config?.update_multi === false) throw new Refused(300302, 'update_multi property is false');
  if (new Set(ids).size < ids.length) throw new Refused(300301, 'Duplicate element_id in card component.');
  // A button's text is an element too.
  if (elements.length + labels.length > 200) throw new Refused(300305, 'too many components');
  const isValid =
    elements.every(({ tag }) => TAGS.includes(tag)) &&
    labels.every((label) => label !== '' && label.length <= 100);
  if (!isValid) throw new Refused(200220, 'Failed to generate card content');
  return card;
}

/** What people see of a card's JSON. */
export function faceOf(card: CardJson): CardFace {
  const elements = card.body?.elements ?? [];
  const markdown = elements.map(({ tag, content = '' }) => (tag === 'markdown' ? content : ''));
  return {
    text: elements.flatMap(shownText).join('\n'),
    buttons: elements.flatMap(({ tag, text, behaviors }) =>
      tag === 'button' ? [{ label: text?.content ?? '', value: behaviors?.[0].value ?? {} }] : [],
    ),
    images: elements.flatMap(({ img_key = [] }) => img_key),
    mentions: [...markdown.join('\n').matchAll(AT)].map(([, id = '']) => id),
  };
}

function shownText({ tag, content = '', text }: Element): string | never[] {
  if (tag === 'markdown') return shownMarkdown(content);
  return tag === 'div' ? (text?.content ?? '') : [];
}

/** Markdown of a card as people read it: far from all of it, but all that the adapter may write. */
export function shownMarkdown(markdown: string): string {
  const blocks = markdown.split(/^(`{3,})(\w*)\n([\s\S]*?)\n\1$/m);
  return blocks
    .flatMap((part, at) => {
      if (at % 4 === 3) return part;
      return at % 4 === 0 ? shownInline(part) : [];
    })
    .join('')
    .replaceAll('\u200b', '')
    .replaceAll('\u00a0', ' ');
}

function shownInline(text: string): string {
  return text
    .replace(AT, '@$1')
    .replaceAll('<hr>', '———')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|[*]|~~/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
