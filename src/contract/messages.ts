import type { ChatId, OutboundId, PlatformMessageId, SenderId, TurnId } from './ids.ts';

/** A direct chat is between one person and us; everything else is a group. */
export type ChatKind = 'direct' | 'group';

export interface Chat {
  /** Stable for the life of the chat; a thread of a group has an id of its own. */
  readonly id: ChatId;
  readonly kind: ChatKind;
  /** Of a thread: the chat that it is in. */
  readonly parent?: ChatId;
  /** What people call it; only for show. */
  readonly title?: string;
}

export interface Sender {
  readonly id: SenderId;
  /** What people call them; only for show, never for a decision. */
  readonly name?: string;
  /** The language of their app, as the platform tells it: a BCP 47 tag such as `zh-hans`. */
  readonly language?: string;
  /** A program, as far as the platform tells. Bots are not answered unless the owner names them, so that no two can loop. */
  readonly bot?: boolean;
}

/** A file that came with a message: described by the adapter, fetched by the gateway before a turn. */
export interface Attachment {
  readonly kind: 'image' | 'audio' | 'video' | 'file' | 'sticker' | 'location' | 'contact' | 'other';
  /** As the sender called it: only for show, never a path. */
  readonly name?: string;
  /** As the platform calls its type: a claim, not a fact. */
  readonly mime?: string;
  readonly bytes?: number;
  /** What the adapter's `download` needs to fetch it, and nobody else reads; absent for what cannot be fetched. */
  readonly ref?: string;
  /** Set by the gateway once it has fetched the file. */
  readonly stored?: StoredFile;
  /** Set by the gateway when it did not fetch the file: why, in words for the agent. */
  readonly refused?: string;
}

/** A received file in the workspace of its session. */
export interface StoredFile {
  /** Absolute. Its name is made by the gateway, and safe. */
  readonly path: string;
  /** What it is, by its content: e.g. `image/png`; `application/octet-stream` if nobody knows. */
  readonly mime: string;
  readonly bytes: number;
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
  /** Passed on: the words are not the sender's own, and never a command of theirs. As far as the platform tells. */
  readonly forwarded?: true;
  readonly attachments?: readonly Attachment[];
  /** Messages with the same album in one chat were sent as one (several photos at once); they are answered as one. */
  readonly album?: string;
  /**
   * The person chose one of the `choices` that we offered, by a button; `text` is its label, and `of` the message it
   * stands under. Where there are no buttons the gateway sets it, when somebody answers with an option's number.
   */
  readonly choice?: { readonly of?: PlatformMessageId };
  /** Set by the gateway: it reached us too late to be answered by itself, and is only to be known. */
  readonly tooLate?: true;
  /** Set by the gateway: it was said in the group, but not to us, and is only to be known. */
  readonly overheard?: true;
  /**
   * What happened: something new was said (when absent), or something said before was changed (`text` is the new text),
   * taken back (`text` is empty), or reacted to (`text` is the emoji). `undelivered` comes from the gateway: an answer of
   * ours (`text`) was given up. All of these are noted, and not answered by themselves.
   */
  readonly change?: {
    readonly kind: 'edit' | 'deletion' | 'reaction' | 'reaction_removed' | 'undelivered';
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

/** One message for one chat: exactly one message on the platform (or one album). */
export interface OutboundMessage {
  /** The idempotency id: the same on every attempt and after every restart. */
  readonly id: OutboundId;
  readonly chat: Chat;
  readonly body: RenderedText;
  /** The message it answers; an adapter ignores one that is gone. */
  readonly replyTo?: PlatformMessageId;
  /**
   * Files to send; `body.text` is then their caption, and may be empty. Never empty itself, and never more than
   * `capabilities.files.perMessage`. Only for channels whose capabilities have `files`.
   */
  readonly files?: readonly [OutboundFile, ...OutboundFile[]];
  /** Buttons under the message, by their labels. Only for channels whose capabilities have `choices`. */
  readonly choices?: readonly string[];
  /** The turn it belongs to. */
  readonly turn: TurnId;
  /** An earlier attempt may have arrived, and the platform cannot tell: the adapter lets the reader see so. */
  readonly possiblyRepeated: boolean;
  /**
   * An earlier run of this turn, before a restart, may have left a preview (see `stream`) that this process knows nothing
   * of. An adapter whose previews are messages of the chat looks for it by this message's id, and takes it over.
   */
  readonly previewLost?: boolean;
}

/** An answer while it grows. */
export interface Preview {
  readonly chat: Chat;
  readonly turn: TurnId;
  /** The id of the message that will take the preview's place: the first of the answer. */
  readonly first: OutboundId;
  /** As that message will have it. */
  readonly replyTo?: PlatformMessageId;
  /** All of the answer so far, as Markdown. */
  readonly text: string;
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
