import type { ChatLine, OutboundMessage } from '../../src/contract/index.ts';
import { HISTORY_LENGTH } from './capabilities.ts';
import { dedupeKey } from './inbound.ts';
import type { Line } from './protocol.ts';

/** An answer, as the page shows it. */
export function answerLine(message: OutboundMessage, at: number): Line {
  return { id: message.id, from: 'agent', text: message.body.text, at, turn: message.turn };
}

/** The hub's lines as the page's: a person's line gets back the id that the page gave it. */
export function historyLines(history: readonly ChatLine[], visitor: string): Line[] {
  const prefix = dedupeKey(visitor, '');
  return newest(history).map(({ id, from, text, at, turn }) => ({
    id: from === 'person' && id.startsWith(prefix) ? id.slice(prefix.length) : id,
    from,
    text,
    at,
    ...(turn === undefined ? {} : { turn }),
  }));
}

/** The end of a history that fits into one message to the page; the last line always does. */
function newest(history: readonly ChatLine[]): readonly ChatLine[] {
  let length = 0;
  const first = history.findLastIndex((line, index) => {
    length += line.text.length;
    return length > HISTORY_LENGTH && index < history.length - 1;
  });
  return history.slice(first + 1);
}
