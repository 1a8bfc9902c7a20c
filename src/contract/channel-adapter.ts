import type { Contact, ContactKind } from './contact.ts';
import type { ChannelError } from './errors.ts';
import type { ChannelHttp } from './http.ts';
import type { ChannelId, ChatId, PlatformMessageId, SenderId, TurnId } from './ids.ts';
import type { InEachLanguage, Language } from './language.ts';
import type {
  Attachment,
  Chat,
  InboundMessage,
  OutboundMessage,
  Preview,
  RenderedText,
  Sender,
  SendReceipt,
} from './messages.ts';

/**
 * The code that speaks one platform. Made by a factory; holds no message that is not also on disk.
 *
 * Life: `start` → connected → (`disconnected` reported) → `stop` → `start` → …, any number of times.
 * One owner per duty: the gateway's outbox retries sends, its health monitor reconnects, its rate limiter paces.
 * An adapter does none of the three (it switches its SDK's own off), unless the SDK reconnects by itself and the
 * adapter reports each step through `host.onStateChange`.
 */
export interface ChannelAdapter {
  readonly capabilities: ChannelCapabilities;

  /**
   * Connects; resolves when messages can flow both ways. May take as long as the network does (the gateway gives up
   * after a minute and calls `stop`). Rejects with a ChannelError: `auth` waits for a person, all else is tried again.
   * When a person has to log in first, it reports `needs_login` and goes on waiting, for as long as that takes.
   */
  start(host: AdapterHost): Promise<void>;

  /** Lets go of sockets, timers and processes. Idempotent; must resolve also when the network hangs; never rejects. */
  stop(): Promise<void>;

  /**
   * A platform's event as an InboundMessage; `undefined` when it is none (our own message, a service notice).
   * Pure: no network, no clock, no state. May throw on what it cannot read: see `host.receive`.
   */
  normalize(raw: unknown): InboundMessage | undefined;

  /**
   * Markdown as texts in the platform's dialect (none if it is blank), each within `capabilities.textLimit`; together they
   * show every visible character once. Pure, total, and quick: it is called in the hot path.
   */
  render(markdown: string): readonly RenderedText[];

  /**
   * One attempt, no retries. Resolves once the platform has accepted the message, rejects with a ChannelError.
   * `signal` aborts when the gateway no longer waits; the outcome then counts as uncertain.
   * Never called for two messages of one chat at once; different chats may overlap. While stopped, it rejects with a
   * certain `network` error (unless delivery needs no connection, as for a channel that we serve ourselves).
   */
  send(message: OutboundMessage, signal: AbortSignal): Promise<SendReceipt>;

  /** Looks whether an attempt of unknown outcome arrived. Present exactly if `capabilities.dedupe` is `readback`. */
  findSent?(message: OutboundMessage, signal: AbortSignal): Promise<SendReceipt | undefined>;

  /**
   * Shows that the agent is at work on `message` until `until` aborts, repeating itself as the platform demands: as typing,
   * or where there is no such thing as a reaction to the message, which is taken back at the end.
   * Best effort: returns at once, never throws, reports nothing. Present exactly if `capabilities.typing`.
   */
  startTyping?(chat: ChatId, turn: TurnId, until: AbortSignal, message: PlatformMessageId): void;

  /**
   * Shows the answer while it grows. What is shown this way is a preview only: the answer itself comes through `send`, and
   * the message with the id `preview.first` takes the preview's place. One call at a time for each chat; the gateway keeps
   * the pace, and leaves out what is overtaken. Resolves when it is shown; rejects with a ChannelError, which costs this
   * preview only (`rate_limited` pauses the channel). Present exactly if `capabilities.streaming`.
   */
  stream?(preview: Preview, signal: AbortSignal): Promise<void>;

  /**
   * Sets our reaction to a message. The same twice is the same as once. One attempt, as with `send`; `rejected` where the
   * platform does not have this emoji. Present exactly if `capabilities.reactions`.
   */
  react?(chat: Chat, message: PlatformMessageId, emoji: string, signal: AbortSignal): Promise<void>;

  /**
   * Puts our commands into the platform's own menu, in place of what is there of ours. A command that is chosen there comes as
   * a message like any other: `/name words`, addressed. Called after `start`, when the menu has changed since the last call that
   * resolved. Rejects with a ChannelError, which costs nothing but the menu. Present exactly if `capabilities.menu`.
   */
  setMenu?(commands: readonly MenuCommand[], signal: AbortSignal): Promise<void>;

  /**
   * Fetches an attachment of a message, piece by piece. Rejects (or throws while it is read) with a ChannelError; the
   * gateway retries and enforces its size limit by no longer reading. Present exactly if `capabilities.downloads`.
   */
  download?(attachment: Attachment, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;

  /**
   * By what the platform itself knows who this is; nothing in it where it does not tell, or leaves it to others to vouch for it.
   * Asked only where the owner wants it, and only about people who are heard. One attempt; rejects with a ChannelError, which
   * must not hold what it tells. Present exactly if `capabilities.contacts`.
   */
  contactOf?(sender: SenderId, signal: AbortSignal): Promise<Contact>;
}

/** What a platform can do, as data. Numbers name their source in the adapter's `capabilities.ts`. */
export interface ChannelCapabilities {
  /** The longest text of one message, counted in `textUnit`s of what the reader sees after markup is parsed. */
  readonly textLimit: number;
  readonly textUnit: 'utf16' | 'codepoint' | 'byte';
  /**
   * What happens to a second send with the same id: `native`, the platform drops it; `readback`, we can look whether the
   * first arrived; `none`, nobody can tell, and the owner's policy decides.
   */
  readonly dedupe: 'native' | 'readback' | 'none';
  /** With `native`: for how many milliseconds after the first send. Absent: for ever. Later, it is as with `none`. */
  readonly dedupeForMs?: number;
  readonly typing: boolean;
  /** How an answer can be shown while it grows; absent: not at all. */
  readonly streaming?: {
    /** The least time between two previews of one answer, in milliseconds. */
    readonly everyMs: number;
    /** Whether previews count against the platform's limit for messages; they then only use what answers leave over. */
    readonly spendsLimit: boolean;
    /** Whether it works in direct chats only. */
    readonly directOnly?: boolean;
  };
  /** Whether we can react to messages. */
  readonly reactions?: boolean;
  /** Whether attachments can be fetched. */
  readonly downloads?: boolean;
  /** What can be sent beside text; absent: nothing. */
  readonly files?: {
    /** Of one file. */
    readonly maxBytes: number;
    /** Of all files of one message; absent: as many as `perMessage` of the largest. */
    readonly maxTotalBytes?: number;
    /** The longest caption, in `textUnit`s; 0: none, the text goes as a message of its own. */
    readonly captionLimit: number;
    /** How many images and videos go as one album; 1: there are none. */
    readonly perMessage: number;
  };
  /** Buttons under a message; absent: the gateway numbers the choices in the text. */
  readonly choices?: {
    readonly most: number;
    /** The longest label, in UTF-16 units. */
    readonly labelLimit: number;
  };
  /** Whether the platform has a menu of commands that we can fill. */
  readonly menu?: boolean;
  /** What the platform can tell of a sender's contact; absent: nothing. */
  readonly contacts?: readonly ContactKind[];
  /** The platform does not say whether a sender is a bot, so the gateway watches for loops itself. */
  readonly botsUnmarked?: boolean;
  /** The pace that the platform bears; the owner can change it in the config. */
  readonly rateLimits: RateLimits;
}

/** A command as a platform's menu shows it. */
export interface MenuCommand {
  /** `[a-z][a-z-]*`, without the slash. */
  readonly name: string;
  /** One short sentence in each language, without its full stop. At most 100 UTF-16 units, which is what Discord takes. */
  readonly description: InEachLanguage;
  /** Whether words may follow the name, and what they are called, e.g. `code`. */
  readonly words?: string;
}

export interface RateLimits {
  /** For all chats of the channel together. */
  readonly channel: RateLimit;
  /** For each direct chat; absent: only the channel's limit holds. */
  readonly direct?: RateLimit;
  /** For each group. */
  readonly group?: RateLimit;
}

/** A token bucket: `burst` messages at once, refilled at `perSecond`. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/** What the gateway gives to an adapter in `start`; valid until `stop` has resolved. */
export interface AdapterHost {
  readonly channel: ChannelId;
  /** A folder that only this channel uses (mode 0700), made when first asked for. */
  dataDir(): string;
  /** Aborts when the adapter is to stop. */
  readonly signal: AbortSignal;
  readonly log: ChannelLog;

  /**
   * Takes messages from the platform. Resolves when all of them, and the cursor, are on disk, in one transaction:
   * only then may the adapter tell the platform that it has them. Rejects when nothing was stored (disk full, stopping);
   * the adapter then must not ack, and offers them again: the platform does, or it does so itself after a pause.
   * Known dedupe keys are skipped. Never throws for what a message says. A batch may hold nothing but a cursor.
   */
  receive(batch: InboundBatch): Promise<void>;

  /** The latest cursor that was stored with a batch; `undefined` on the first start. Does not touch the network. */
  cursor(): string | undefined;

  /** Tells of a lost or regained connection after `start` resolved. After `disconnected` the gateway calls `stop`, waits and calls `start`. */
  onStateChange(change: ChannelStateChange): void;

  /** A person asked, by a button and not by a message, that the running turn of this chat end. */
  onStop(chat: ChatId, sender: SenderId): void;

  /** What to speak with somebody, for the few words that an adapter has to say by itself. Does not touch the network. */
  languageOf(sender: Sender): Language;

  /** The same for all of a chat: what to speak with who wrote there last. */
  languageIn(chat: ChatId): Language;

  /** The latest lines of a chat, oldest first, answers included that are not delivered yet; for channels that show it themselves. */
  history(chat: ChatId, limit: number): Promise<readonly ChatLine[]>;

  /** Serves requests under `/channels/<channel>/` until `stop`; a second call replaces the first. */
  serve(http: ChannelHttp): void;
}

export interface InboundBatch {
  readonly messages: readonly InboundMessage[];
  /** Events that `normalize` threw on: kept as dead letters with their payload, so that one of them never blocks the rest. */
  readonly unreadable?: readonly UnreadableEvent[];
  /** Where to go on after a restart (an offset, a sequence number); stored with the messages. */
  readonly cursor?: string;
}

export interface UnreadableEvent {
  readonly dedupeKey: string;
  readonly payload: string;
  readonly error: string;
}

export type ChannelStateChange =
  | { readonly state: 'connected' }
  /** The SDK is at it by itself; sends wait. */
  | { readonly state: 'reconnecting'; readonly error?: ChannelError }
  | { readonly state: 'disconnected'; readonly error: ChannelError }
  /** While `start` is under way: a person has to log in. Reported again when what they need has changed. */
  | { readonly state: 'needs_login'; readonly login: LoginStep };

/** What a person has to do to log in. `qr` and `code` are secrets for as long as they are valid: shown, never logged. */
export interface LoginStep {
  /** One or two sentences: where to tap, what to scan or type. */
  readonly instruction: InEachLanguage;
  /** What the QR code says. */
  readonly qr?: string;
  /** A code to type. */
  readonly code?: string;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
}

/** One line of a chat as its people see it. */
export interface ChatLine {
  readonly from: 'person' | 'agent';
  /** Stable: the dedupe key of a person's message, the OutboundId of an answer. */
  readonly id: string;
  /** Of a person: as written. Of the agent: as rendered for this channel. */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The turn that an answer belongs to. */
  readonly turn?: TurnId;
  /** Files that came or went with it; those of an answer have a path. */
  readonly files?: readonly LineFile[];
  /** The buttons under an answer. */
  readonly choices?: readonly string[];
}

export interface LineFile {
  readonly kind: Attachment['kind'];
  readonly name?: string;
  readonly mime?: string;
  readonly bytes?: number;
  readonly path?: string;
}

/** Lines of the adapter in the gateway's log. Fields and text must hold no message text and no secret. */
export interface ChannelLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}
