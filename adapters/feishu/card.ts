import { toCardText } from './card-text.ts';
import { type Line, toPlain } from './format.ts';

/** The element of a card that holds the text. */
export const TEXT = 'text';

/** A card may have 30 KB (cardkit-v1/card/create); as a message it is a text within the JSON of the request. */
const MAX_BYTES = 29_000;

/** What a card shows, from above. */
export interface Face {
  readonly lines: readonly Line[];
  /** Buttons that nobody has pressed. */
  readonly choices?: readonly string[];
  /** The thread that the card stands in: the press of a button does not tell. */
  readonly thread?: string;
  /** The label of the button that was pressed. */
  readonly taken?: string;
  /** Whether the text is still growing. */
  readonly streaming?: boolean;
}

/** A card (JSON 2.0) with the text as Markdown, or without markup if that is too long. */
export function toCard(face: Face): object {
  const rich = cardOf(face, (text) => ({ tag: 'markdown', content: toCardText(text), element_id: TEXT }));
  if (fits(rich)) return rich;
  return cardOf(face, (text) => plainElement(toPlain(text)));
}

export function fits(card: object): boolean {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(card))) <= MAX_BYTES;
}

function cardOf(face: Face, textElement: (lines: readonly Line[]) => object): object {
  const { lines, choices = [], thread, taken, streaming = false } = face;
  const pictures = lines.flat().flatMap((piece) => (piece.tag === 'img' ? [piece.image_key] : []));
  const text = lines.filter(([piece]) => piece?.tag !== 'img');
  const elements = [
    ...pictures.map((img_key) => ({ tag: 'img', img_key, alt: { tag: 'plain_text', content: '' } })),
    ...(text.length > 0 ? [textElement(text)] : []),
    ...choices.map((label) => button(label, thread)),
    ...(taken === undefined ? [] : [plainElement(`✓ ${taken}`)]),
  ];
  return { schema: '2.0', config: { update_multi: true, streaming_mode: streaming }, body: { elements } };
}

function plainElement(content: string): object {
  return { tag: 'div', text: { tag: 'plain_text', content } };
}

function button(label: string, thread: string | undefined): object {
  const value = { choice: label, ...(thread !== undefined && { thread }) };
  const text = { tag: 'plain_text', content: label };
  return { tag: 'button', text, behaviors: [{ type: 'callback', value }] };
}
