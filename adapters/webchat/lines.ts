import type { ChatLine, LineFile, OutboundMessage } from '../../src/contract/index.ts';
import { HISTORY_LENGTH } from './capabilities.ts';
import { shownName } from './file-names.ts';
import { dedupeKey } from './inbound.ts';
import type { Line, ShownFile } from './protocol.ts';

/** Our reactions, by the hub's id of the line. */
export interface Reactions {
  get(line: string): string | undefined;
}

/** An answer, as the page shows it. */
export function answerLine({ id, body, turn, files, choices }: OutboundMessage, at: number): Line {
  return { id, from: 'agent', text: body.text, at, turn, files: files?.map(shownFile), choices };
}

/** The hub's lines as the page's: a person's line gets back the id that the page gave it, and our reaction. */
export function historyLines(history: readonly ChatLine[], visitor: string, reactions: Reactions): Line[] {
  const prefix = dedupeKey(visitor, '');
  return newest(history).map(({ id, from, text, at, turn, files, choices }) => ({
    id: from === 'person' && id.startsWith(prefix) ? id.slice(prefix.length) : id,
    from,
    text,
    at,
    turn,
    files: files?.map(shownFile),
    choices,
    reaction: reactions.get(id),
  }));
}

export function shownFile({ name, mime, bytes }: Pick<LineFile, 'name' | 'mime' | 'bytes'>): ShownFile {
  return { name: shownName(name), mime, bytes };
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
