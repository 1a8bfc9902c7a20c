/** A platform with many people on it, each of whom writes to the agent in a chat of their own. */
export interface Crowd extends AsyncDisposable {
  /** What its adapter is called, and its channel. */
  readonly name: string;
  /** The channel's own options, as YAML between braces. */
  readonly options: string;
  /** What the daemon needs in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether a message of the agent can be kept from arriving twice. */
  readonly exact: boolean;
  /** The platform may tell what was said in another order when it tells it again. */
  readonly mayReorder?: true;
  /** The person with this number writes. */
  say(person: number, text: string): void;
  /** What the person with this number has read of the agent, oldest first. */
  read(person: number): readonly string[];
  /** Called before a daemon begins for the first time, with the channel's own folder. */
  prepare?(folder: string): Promise<void>;
  /** Called each time a daemon is ready. */
  open?(url: string): void;
  /**
   * Called after each kill. Gives the texts that the platform has handed to the connection that died with the daemon, and
   * will not hand over again: those that are not on disk by then are beyond anybody's reach.
   */
  handedOver?(): Promise<readonly string[]>;
}

/** How many people there are on each platform. */
export const PEOPLE = 12;

/** One thing for each of them. */
export function forEachPerson<T>(make: (person: number) => T): T[] {
  return Array.from({ length: PEOPLE }, (_, person) => make(person));
}
