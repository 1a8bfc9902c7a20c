import type { ChannelId, ChatId, InboundMessage, Language, SessionId } from '../../contract/index.ts';
import type { Person } from '../people/identity-resolver.ts';

/** A command as somebody gave it. */
export interface CommandCall {
  /** What follows the name, as words and as it was written. */
  readonly words: readonly string[];
  readonly rest: string;
  /** Who gave it. */
  readonly person: Person;
  /** In which they are answered. */
  readonly language: Language;
  readonly channel: ChannelId;
  /** The chat's row. */
  readonly chatRef: number;
  /** The conversation of this chat. */
  readonly session: SessionId;
  readonly message: InboundMessage;
}

/** What a command says, as Markdown: to who gave it, and to others because of it. All of it is written in one transaction. */
export interface CommandReply {
  readonly text: string;
  readonly tell: readonly Told[];
}

/** What somebody else is told, in their language. */
export interface Told {
  readonly channel: ChannelId;
  readonly chat: ChatId;
  readonly text: (language: Language) => string;
}

/**
 * What a command answers. What changes people (see People) comes as a function: it runs in the transaction that also writes the
 * answer, may run twice, and must have no effect but on the database.
 */
export type CommandAnswer = string | CommandReply | (() => string | CommandReply);

/** A command that people can give in a chat. */
export interface ChatCommand {
  /** `[a-z][a-z-]*`, without the slash. */
  readonly name: string;
  /** Whether it is for admins; then it is also answered in direct chats only. */
  readonly admin: boolean;
  /** Answered in direct chats only: what it tells is for one person's eyes. */
  readonly direct?: true;
  /** Neither in `/help` nor in the menus of platforms. */
  readonly unlisted?: true;
  /** What may follow the name, e.g. `[code]`; empty: nothing. */
  readonly usage: Readonly<Record<Language, string>>;
  /** One short sentence, without its full stop. */
  readonly description: Readonly<Record<Language, string>>;
  /** May be slow. After a crash it is run again: so what it does beside the database must bear that. */
  run(call: CommandCall): CommandAnswer | Promise<CommandAnswer>;
}

const COMMAND = /^[/!]([a-z][a-z_-]*)(?:\s+(.*))?$/is;

/**
 * The command that a message gives, known or not. Only what a person typed to us is one: nothing that somebody else wrote (a
 * forwarded or quoted text, a caption, the label of a button), and nothing that was changed later.
 */
export function commandIn(message: InboundMessage): { name: string; rest: string } | undefined {
  const { text, addressed, change, choice, forwarded, attachments, album, sender } = message;
  if (!addressed || sender.bot === true || forwarded === true) return undefined;
  if (change !== undefined || choice !== undefined || album !== undefined) return undefined;
  if (attachments !== undefined && attachments.length > 0) return undefined;
  const match = COMMAND.exec(text.trim());
  // Some platforms' menus allow no hyphen.
  const name = match?.[1]?.toLowerCase().replaceAll('_', '-');
  return name === undefined ? undefined : { name, rest: match?.[2]?.trim() ?? '' };
}
