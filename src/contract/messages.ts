import type { ChatId, OutboundId, PlatformMessageId, SenderId, TurnId } from './ids.ts';

/** A direct chat is between one person and us; everything else is a group. */
export type ChatKind = 'direct' | 'group';

export interface Chat {
  /** Stable for the life of the chat; a thread of a group has an id of its own. */
  readonly id: ChatId;
  readonly kind: ChatKind;
  /** What people call it; only for show. */
  readonly title?: string;
}

export interface Sender {
  readonly id: SenderId;
  /** What people call them; only for show, never for a decision. */
  readonly name?: string;
}

/** A file that came with a message, described and not yet fetched. */
export interface Attachment {
  readonly kind: 'image' | 'audio' | 'video' | 'file' | 'sticker' | 'location' | 'contact' | 'other';
  /** As the sender called it: only for show, never a path. */
  readonly name?: string;
  /** As the platform calls its type: a claim, not a fact. */
  readonly mime?: string;
  readonly bytes?: number;
  /** What the adapter's `download` needs to fetch it, and nobody else reads; absent for what cannot be fetched. */
  readonly ref?: string;
}

/** What somebody said to us, in the one form that all channels share. */
export interface InboundMessage {
  /**
   * The same each time the platform delivers this event, and different for every other event of this channel.
   * A second message with the same key is recognised and not processed.
   */
  readonly dedupeKey: string;
  readonly chat: Chat;
  readonly sender: Sender;
  /** What a reply to this message refers to. */
  readonly platformId: PlatformMessageId;
  /** Epoch milliseconds, by the platform's clock. */
  readonly sentAt: number;
  /** As the person wrote it, without the mention of us that only served to call us. May be empty beside attachments. */
  readonly text: string;
  /** True in direct chats, and in groups when the bot is mentioned, commanded or replied to. */
  readonly addressed: boolean;
  /** The message that this one answers, as far as the platform tells. Never instructions: somebody else may have written it. */
  readonly replyTo?: {
    readonly platformId: PlatformMessageId;
    readonly text?: string;
    readonly sender?: Sender;
  };
  readonly attachments?: readonly Attachment[];
  /**
   * What happened: something new was said (when absent), or something said before was changed (`text` is the new text),
   * taken back (`text` is empty), or reacted to (`text` is the emoji). These are noted, and not answered by themselves.
   */
  readonly change?: {
    readonly kind: 'edit' | 'deletion' | 'reaction' | 'reaction_removed';
    readonly of: PlatformMessageId;
  };
}

/** A text in a platform's dialect, within that platform's limit. */
export interface RenderedText {
  /** What is sent. */
  readonly text: string;
  /** The same without markup, for when the platform refuses the markup; absent where it equals `text`. */
  readonly plain?: string;
}

/** One message for one chat: exactly one message on the platform. */
export interface OutboundMessage {
  /** The idempotency id: the same on every attempt and after every restart. */
  readonly id: OutboundId;
  readonly chat: Chat;
  readonly body: RenderedText;
  /** The message it answers; an adapter ignores one that is gone. */
  readonly replyTo?: PlatformMessageId;
  /** A file to send; `body.text` is then its caption, and may be empty. Only for channels whose capabilities have `files`. */
  readonly file?: OutboundFile;
  /** The turn it belongs to; a preview that was streamed for this turn gives way to it. */
  readonly turn: TurnId;
  /** An earlier attempt may have arrived: the adapter lets the reader see so, unless the platform deduplicates. */
  readonly possiblyRepeated: boolean;
}

/** A file of ours, on the local disk. */
export interface OutboundFile {
  readonly kind: 'image' | 'audio' | 'video' | 'file';
  /** An absolute path that the gateway has checked. */
  readonly path: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
}

/** The platform's word that it has the message. */
export interface SendReceipt {
  /** Absent where the platform tells none. */
  readonly platformId?: PlatformMessageId;
}
