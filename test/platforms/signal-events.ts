/** Whoever writes on Signal: known by an account id, and by a phone number unless it is hidden. */
export interface Person {
  readonly uuid: string;
  readonly number?: string;
  readonly name?: string;
  readonly device?: number;
}

/** What signal-cli tells of one received message: JsonDataMessage.java. */
export type DataMessage = Readonly<Record<string, unknown>> & { readonly timestamp: number };

export interface SignalEvent {
  readonly account: string;
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly exception?: { readonly message: string; readonly type: string };
}

/** The event of a message, as JsonMessageEnvelope.java writes it. `content` is `{dataMessage}`, `{editMessage}`, … */
export function eventOf(
  account: string,
  from: Person,
  timestamp: number,
  content: Readonly<Record<string, unknown>>,
): SignalEvent {
  return {
    account,
    envelope: {
      source: from.number ?? from.uuid,
      sourceNumber: from.number ?? null,
      sourceUuid: from.uuid,
      sourceName: from.name ?? null,
      sourceDevice: from.device ?? 1,
      timestamp,
      serverReceivedTimestamp: timestamp + 40,
      serverDeliveredTimestamp: timestamp + 50,
      ...content,
    },
  };
}

export function dataMessage(
  timestamp: number,
  message: string | null,
  more: Readonly<Record<string, unknown>> = {},
): DataMessage {
  return { timestamp, message, expiresInSeconds: 0, isExpirationUpdate: false, viewOnce: false, ...more };
}

export function groupInfo(groupId: string, groupName: string, type: 'DELIVER' | 'UPDATE' = 'DELIVER') {
  return { groupInfo: { groupId, groupName, revision: 3, type } };
}

/** The placeholder of one character that a mention is in a text. */
export const PLACEHOLDER = '\uFFFC';

export function mention(start: number, whom: Person) {
  const number = whom.number ?? null;
  return { name: whom.number ?? whom.uuid, number, uuid: whom.uuid, start, length: 1 };
}

export function quote(id: number, author: Person, text: string) {
  const number = author.number ?? null;
  return {
    quote: {
      id,
      author: author.number ?? author.uuid,
      authorNumber: number,
      authorUuid: author.uuid,
      text,
      attachments: [],
    },
  };
}

export function reaction(emoji: string, author: Person, targetSentTimestamp: number, isRemove = false) {
  return {
    reaction: {
      emoji,
      targetAuthor: author.number ?? author.uuid,
      targetAuthorNumber: author.number ?? null,
      targetAuthorUuid: author.uuid,
      targetSentTimestamp,
      isRemove,
    },
  };
}
