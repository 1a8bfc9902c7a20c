import type { AgentId, InboundId, InboundMessage, SessionId } from '../../contract/index.ts';
import type { Channel } from '../channels/channel.ts';
import { Fifo } from '../fifo.ts';
import type { WhileBusy } from '../options.ts';
import type { StopSwitch } from './stop-switch.ts';

/** A message that waits for its turn. */
export interface Waiting {
  readonly id: InboundId;
  readonly channel: Channel;
  /** The chat's row. */
  readonly chatRef: number;
  /** Absent when it is to be read from the store. */
  message: InboundMessage | undefined;
  attempts: number;
  /** On disk as `running` already, with the attempt counted. */
  claimed: boolean;
  /** The process died while it was being answered, more often than chance explains: see Suspects. */
  readonly suspect?: boolean;
}

/**
 * The messages of one session that are not answered yet, in the order in which they came. One turn at a time is under way;
 * what comes meanwhile waits, and what the owner wants with it (see WhileBusy) is decided by who stands next in line.
 */
export class SessionQueue {
  readonly id: SessionId;
  readonly agent: AgentId;
  /**
   * `waiting`: for something to do. `ready`: for a place among the running turns. `running`: has one.
   * `pausing`: until what failed is to be run again, or until nothing more comes to be answered together.
   */
  mode: 'waiting' | 'ready' | 'running' | 'pausing';
  /** What the turn that is under way answers; kept while it waits to be run again. */
  asked: Waiting[] = [];
  /** What came since, and was handed to that turn. */
  taken: Waiting[] = [];
  readonly waiting = new Fifo<Waiting>();
  /** When the last message came; by the monotonic clock, in milliseconds. */
  cameAt = 0;
  /** Other sessions that wait for the end of the turn that is under way, because it will belong to them. */
  readonly holds: SessionQueue[] = [];
  /** How many turns of other sessions this one waits for. */
  held = 0;
  /** Ends the turn that is under way, until its agent is done; and while that waits to be run again. */
  stop: StopSwitch | undefined;
  /** Ends the pause; absent where it must not be ended. */
  wake: (() => void) | undefined;
  /** Ends what shows that somebody is at work. */
  typing: AbortController | undefined;

  constructor(id: SessionId, agent: AgentId, mode: 'waiting' | 'running') {
    this.id = id;
    this.agent = agent;
    this.mode = mode;
  }

  get length(): number {
    return this.asked.length + this.taken.length + this.waiting.length;
  }

  /** Whether a turn is under way, or waits to be run again. */
  get isUnderWay(): boolean {
    return this.mode === 'running' || this.asked.length > 0;
  }

  /** What is answered next, or just now. */
  get head(): Waiting | undefined {
    return this.asked[0] ?? this.waiting.peek();
  }

  /** What is next in line, if it takes the place of the turn that is under way. */
  get successor(): Waiting | undefined {
    const next = this.#nextHere('interrupt');
    const album = next?.message?.album;
    return album !== undefined && album === this.head?.message?.album ? undefined : next;
  }

  /** Takes what is next in line and is to be handed to the turn that is under way. */
  takeMore(): readonly Waiting[] {
    const taken: Waiting[] = [];
    for (let next = this.#nextHere('steer'); next !== undefined; next = this.#nextHere('steer')) {
      this.waiting.shift();
      taken.push(next);
    }
    this.taken.push(...taken);
    return taken;
  }

  /**
   * Whether what is next in line is answered together with `first`. Only with what was tried as often, and not at the last
   * try: when a turn fails for one of its messages, the others are not to pay for it.
   */
  joins(first: Waiting, maxAttempts: number): boolean {
    const next = this.#nextHere('collect');
    return next?.attempts === first.attempts && first.attempts < maxAttempts - 1;
  }

  /** What was asked is asked again, perhaps not all of it together. */
  putBackAsked(): void {
    this.waiting.unshift(this.asked);
    this.asked = [];
  }

  /** Of what was handed to the turn, this is answered later. */
  putBack(isLater: (waiting: Waiting) => boolean): void {
    if (this.taken.length === 0) return;
    this.waiting.unshift(this.taken.filter(isLater));
    this.taken = this.taken.filter((waiting) => !isLater(waiting));
  }

  /** The turn has ended for good; what it answered is done with. */
  done(): readonly Waiting[] {
    const done = this.taken.length === 0 ? this.asked : [...this.asked, ...this.taken];
    this.asked = [];
    this.taken = [];
    return done;
  }

  #nextHere(policy: WhileBusy): Waiting | undefined {
    const next = this.waiting.peek();
    const isHere = next?.chatRef === this.asked[0]?.chatRef && next?.channel.options.whileBusy === policy;
    return isHere ? next : undefined;
  }
}
