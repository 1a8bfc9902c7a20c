/** A chat as the Bot API shows it; of a group that it knows, the fake keeps a little more. */
export interface FakeChat {
  id: number;
  type: 'private' | 'group' | 'supergroup' | 'channel';
  title?: string;
  first_name?: string;
  /** Why nothing can be sent here: the answer's code and words. */
  refusal?: { code: number; description: string };
  /** The supergroup that this group has become. */
  migratedTo?: number;
  /** The topics of a forum, by the id of the message that opened each. */
  topics: Set<number>;
  /** All that was said, by message id, as the Bot API shows it. */
  messages: Map<number, Record<string, unknown>>;
  /** The reactions of its person, by message id. */
  reactions: Map<number, readonly { type: string; emoji: string }[]>;
  /** The bot's reactions, by message id. */
  ours: Map<number, readonly { type: string; emoji: string }[]>;
}

export interface FakeUser {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
}

/** What a person says. */
export interface Saying {
  /** Negative for groups, as on Telegram. A private chat has the id of its person. */
  chat?: number;
  /** `private` for positive ids, `supergroup` for negative ones, unless told. */
  chatType?: FakeChat['type'];
  text?: string;
  from?: Partial<FakeUser>;
  /** A topic of a forum. */
  topic?: number;
  /** The message answered: its id in this chat. */
  replyTo?: number;
  /** Further fields of the message, as the Bot API has them: `photo`, `caption`, … */
  more?: Record<string, unknown>;
}

/** How the file appears in the chat, and the file. */
export interface SentFile {
  as: 'photo' | 'audio' | 'voice' | 'video' | 'document';
  name: string;
  content: Buffer;
}

/** What a bot wants to send: a text, or a file with a caption. */
export interface Content {
  raw: string;
  mode: unknown;
  file?: SentFile;
}

/** A message as everybody in the chat sees it. */
export interface SentMessage {
  chat: number;
  id: number;
  /** What is read: without markup. */
  text: string;
  /** As it was sent. */
  raw: string;
  entities: readonly { type: string; offset: number; length: number; url?: string; language?: string }[];
  topic?: number;
  replyTo?: number;
  /** What came with it; the text is then its caption. */
  file?: SentFile;
  /** The same for all messages that are shown as one album. */
  album?: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Mentions and commands, found as Telegram's server finds them. */
export function entitiesOf(text: string): { type: string; offset: number; length: number }[] {
  const found = [...text.matchAll(/(?<![\w@/])(?:@\w{3,32}|\/\w{1,32}(?:@\w{3,32})?)/g)];
  return found.map((match) => ({
    type: match[0].startsWith('/') ? 'bot_command' : 'mention',
    offset: match.index,
    length: match[0].length,
  }));
}

/** Telegram's pace (https://core.telegram.org/bots/faq): whether one more message now is too fast, in seconds to wait. */
export function floodWait(chat: number, sent: readonly SentMessage[], now: number): number | undefined {
  // About one per second in a chat, a short burst let through; at most 20 per minute in a group.
  const [most, withinMs] = chat < 0 ? [20, 60_000] : [5, 3_000];
  const recent = sent.filter((message) => message.chat === chat && message.at > now - withinMs);
  const oldest = recent.at(-most);
  return oldest === undefined ? undefined : Math.ceil((oldest.at + withinMs - now) / 1000);
}

/** https://core.telegram.org/bots/api#sendmediagroup: why Telegram does not take these as one album, as it says it. */
export function wrongAlbum(kinds: readonly string[]): string | undefined {
  if (kinds.length < 2) return 'there must be at least 2 items in the album';
  if (kinds.length > 10) return 'too many messages to send as an album';
  if (kinds.some((kind) => !['photo', 'video', 'audio', 'document'].includes(kind))) {
    return 'unsupported media type in the album';
  }
  const mix = kinds.every((kind) => kind === 'photo' || kind === 'video');
  return mix || new Set(kinds).size === 1 ? undefined : `${kinds[0]} can't be mixed with other media types`;
}
