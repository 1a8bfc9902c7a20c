import type { Fault } from '../../platforms/fake-http.ts';

/** One platform with a person on it, who writes to the agent: what a test can do and see, whichever platform it is. */
export interface Far extends AsyncDisposable {
  /** What its adapter is called, and its channel. */
  readonly name: string;
  /** The channel's own options, as YAML between braces. */
  readonly options: string;
  /** The same with credentials that the platform refuses. */
  readonly refusedOptions?: string;
  /** What the daemon needs in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The longest text of one message. */
  readonly textLimit: number;
  /** How that is counted, if not in UTF-16 units. */
  readonly lengthOf?: (text: string) => number;
  /** Whether a message can be kept from arriving twice. */
  readonly exact: boolean;
  /** The direct chat with the person. */
  readonly direct: Place;
  /** A group of people and the agent. */
  readonly group?: Place;
  /** A thread of that group. */
  readonly thread?: Place;
  /** Where there are threads: what that group is called in the config. */
  readonly groupId?: string;
  /** Called before a daemon begins for the first time, with the channel's own folder. */
  prepare?(folder: string): Promise<void>;
  /** From now on the platform refuses what the daemon is known by, where that is no option. */
  refuse?(): void;
  /** Called each time a daemon has begun. */
  open?(url: string): Promise<void>;
  cut(): void | Promise<void>;
  /** Absent where a send is no request that could fail. */
  failNextSend?(fault: Fault): void;
  until(reached: () => boolean, what: string): Promise<void>;
}

/** A chat, as its people see it. */
export interface Place {
  /** The person writes; gives what the message is known by. */
  say(text: string, more?: { readonly call?: boolean; readonly picture?: Buffer }): string | Promise<string>;
  /** What the agent has said, oldest first. */
  told(): Told[];
  /** An answer that is still growing, where that is not yet a message like others. */
  growing?(): string;
  edit?(said: string, text: string): void;
  /** The person puts 👍 under a message of either side. */
  react?(message: string): void;
  press?(label: string): void;
  /** The agent's reactions to what the person said. */
  reactions?(said: string): string[];
}

export interface Told {
  readonly id: string;
  /** As it is read; marks that the platform's own app reads are still in it. */
  readonly text: string;
  /** What stands out in it. */
  readonly bold: readonly string[];
  /** What it answers. */
  readonly replyTo?: string | undefined;
  readonly files: readonly Buffer[];
  readonly buttons: readonly string[];
}

/** What stands between marks. */
export function between(mark: string, text: string): string[] {
  return text.split(mark).filter((_, index) => index % 2 === 1);
}
