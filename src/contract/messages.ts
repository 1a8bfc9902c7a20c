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
  readonly name?: string;
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
  /** The turn it belongs to; a preview that was streamed for this turn gives way to it. */
  readonly turn: TurnId;
  /** An earlier attempt may have arrived: the adapter lets the reader see so, unless the platform deduplicates. */
  readonly possiblyRepeated: boolean;
}

/** The platform's word that it has the message. */
export interface SendReceipt {
  /** Absent where the platform tells none. */
  readonly platformId?: PlatformMessageId;
}
