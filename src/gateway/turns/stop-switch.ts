import type { InboundId } from '../../contract/index.ts';

/** Why a turn was ended before its agent was done. */
export type StopReason = 'person' | 'timeout' | 'shutdown' | 'superseded';

/**
 * Ends one run of an agent. Thousands of them wait at once, and an AbortController is heavy (about 1 kB and an entry in
 * the young heap for the collector to copy): so one is made only for an agent that looks at the signal.
 */
export class StopSwitch {
  /** The first reason given; `undefined` while the run may go on. */
  why: StopReason | undefined;
  /** With `superseded`: the message that takes its place. */
  by: InboundId | undefined;
  /** Called once, at the stop. */
  onStop: (() => void) | undefined;
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.why !== undefined) this.#controller.abort(this.why);
    }
    return this.#controller.signal;
  }

  stop(why: StopReason, by?: InboundId): void {
    if (this.why !== undefined) return;
    this.why = why;
    this.by = by;
    this.#controller?.abort(why);
    this.onStop?.();
  }
}
