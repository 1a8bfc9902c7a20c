import type { ChannelAdapter, Chat, Contact, Language, RenderedText } from '../../src/contract/index.ts';

/** One adapter and its platform (a fake on loopback), as the conformance suite needs them; made anew for each check. */
export interface Subject {
  /** An adapter that will connect to the platform. Called again where the daemon is restarted. */
  create(): Promise<ChannelAdapter>;
  readonly platform: Platform;
  /** The direct chat in which `platform.say` speaks, and into which messages are sent. */
  readonly chat: Chat;
  /** Raw events, as `normalize` gets them. */
  readonly events: {
    /** Different messages of all the shapes that matter. */
    readonly messages: readonly unknown[];
    /** What is no message for us: our own, service notices, other things. */
    readonly others: readonly unknown[];
    /** Where there are threads: a message in one of the chat `in`. */
    readonly thread?: { readonly event: unknown; readonly in: string };
  };
  /** What a reader sees of a text; without it, the text as it is. */
  visible?(rendered: RenderedText): string;
  dispose(): Promise<void>;
}

/** What a person at the far side can do and see, as far as the adapter's capabilities have it. */
export interface Abilities {
  /** Presses the button with this label, under the latest message that has it. */
  choose?(label: string): void;
  /** Our reactions that stand under the person's latest message, as emoji. */
  reactions?(): readonly string[];
  /** The files that have arrived, oldest first. */
  files?(): readonly { readonly name?: string; readonly content: Buffer }[];
  /** Writes, with a file. */
  sayWithFile?(text: string, file: { name: string; mime: string; content: Buffer }): void;
  /** What is seen of the answer that is growing. */
  preview?(): string | undefined;
  /** The descriptions in the menu of commands, as somebody with this language reads them. */
  menu?(language: Language): readonly string[];
  /** How often a menu was filled. */
  menusFilled?(): number;
  /** Chooses the command with this English description from the menu, and adds words. */
  pick?(description: string, words: string): void;
  /** What the platform vouches for about the person who writes. */
  contact?(): Contact;
  /** From now on, before they have written, it vouches for nothing. */
  vouchForNothing?(): void;
  /** Passes on what somebody else has said. */
  forward?(text: string): void;
  /** Writes, as an answer to a message that says `quoted`. */
  answer?(quoted: string, text: string): void;
}

/** The far side. */
export interface Platform extends Abilities {
  /** A person writes. */
  say(text: string): void;
  /** How many of these messages the adapter has acknowledged. */
  acked(): number;
  /** What was accepted from the adapter, oldest first. */
  sent(): readonly string[];
  /** Cuts every connection; what was said and not acknowledged stays. */
  cut(): void;
  /** What happens to the next message that is sent. */
  failNextSend(failure: SendFailure): void;
  /** Connections that the adapter has open. */
  connections(): number;
  /** Resolves as soon as `reached` is true of the platform. */
  until(reached: () => boolean, what: string): Promise<void>;
}

export type SendFailure =
  /** The platform answers, and means it. */
  | 'auth'
  | 'rate_limited'
  | 'rejected'
  | 'unavailable'
  /** It accepts the message, and its answer is lost. */
  | 'lost receipt'
  /** It never answers. */
  | 'silence';
