import {
  type InboundId,
  type InboundMessage,
  type OutboundId,
  platformMessageId,
  senderId,
} from '../../contract/index.ts';
import type { Store, Told } from '../../store/index.ts';
import type { ContextOptions } from '../options.ts';
import type { Attachments } from './attachments.ts';
import type { LiveSession } from './session-manager.ts';
import type { CommittableTurn } from './turn-committer.ts';

/** The latest changes of earlier messages that an agent is told of. */
const MOST_NOTES = 20;

type Asked = CommittableTurn['asked'];

/** Gathers what an agent gets to read in a turn: what is only to be known, and what is asked, with its files fetched. */
export class TurnInput {
  readonly #store: Store;
  readonly #attachments: Attachments;
  /** Chats in which something was noted since this process began. */
  readonly #noted = new Set<number>();

  constructor(store: Store, attachments: Attachments) {
    this.#store = store;
    this.#attachments = attachments;
  }

  /** Something was noted in this chat: its next turn is told. */
  note(chatRef: number): void {
    this.#noted.add(chatRef);
  }

  /** Oldest first. Rejects with an AgentError when a file could not be fetched this time; `last`: there is no next time. */
  async gather(
    turn: CommittableTurn,
    live: LiveSession,
    last: boolean,
    stop: { readonly signal: AbortSignal },
  ): Promise<readonly InboundMessage[]> {
    return [...this.#notesFor(turn, live), ...(await this.withFiles(turn.asked, turn, last, stop))];
  }

  /** What is asked, with its files. Rejects as `gather`. */
  async withFiles(
    asked: Asked,
    { session, channel }: CommittableTurn,
    last: boolean,
    stop: { readonly signal: AbortSignal },
  ): Promise<readonly InboundMessage[]> {
    if (!asked.some(({ message }) => (message.attachments ?? []).length > 0)) {
      return asked.map(({ message }) => message);
    }
    const fetched: InboundMessage[] = [];
    for (const { id, message } of asked) {
      const about = { id, session, channel, last, signal: stop.signal };
      fetched.push(await this.#attachments.fetch(message, about));
    }
    return fetched;
  }

  /**
   * What is only to be known, since the last turn that was answered to its end: changes of what was said, what came too late
   * to be answered, what was said in the group but not to us, and what we said in vain.
   */
  #notesFor(
    { chatRef, asked, message, channel }: CommittableTurn,
    { fresh, lastTurn }: LiveSession,
  ): InboundMessage[] {
    const [first] = asked;
    if (first === undefined || (!this.#noted.delete(chatRef) && !fresh)) return [];
    const { inbox, outbox } = this.#store;
    const after = lastTurn as InboundId | undefined;
    const { context } = channel.options;
    const overheard =
      message.chat.kind === 'group' ? inbox.overheard(chatRef, after, first.id, context.messages) : [];
    const told = [
      ...inbox.noted(chatRef, after, first.id, MOST_NOTES),
      ...within(overheard, context).map((one) => ({ ...one, message: { ...one.message, overheard: true } })),
    ].sort((a, b) => (a.id < b.id ? -1 : 1));
    return [
      ...told.map((one) => one.message as InboundMessage),
      ...outbox.undelivered(chatRef, lastTurn, MOST_NOTES).map(({ id, text, at }) => ({
        ...undelivered(id, text, at),
        chat: message.chat,
      })),
    ];
  }
}

/** The latest of them, newest first, whose texts fit into the budget. */
function within(newestFirst: readonly Told[], { characters }: ContextOptions): readonly Told[] {
  let left = characters;
  const tooMuch = newestFirst.findIndex(({ message }) => {
    left -= message.text.length;
    return left < 0;
  });
  return tooMuch === -1 ? newestFirst : newestFirst.slice(0, tooMuch);
}

function undelivered(id: OutboundId, text: string, at: number): Omit<InboundMessage, 'chat'> {
  return {
    dedupeKey: `undelivered ${id}`,
    sender: { id: senderId('gateway') },
    platformId: platformMessageId(id),
    sentAt: at,
    text,
    addressed: false,
    change: { kind: 'undelivered', of: platformMessageId(id) },
  };
}
