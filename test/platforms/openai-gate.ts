/** Lets chunks through only when the test says so, in place of clocks. */
export class Gate {
  #permits = 0;
  #waiting: (() => void)[] = [];

  /** Lets this many (more) chunks through. */
  open(chunks = 1): void {
    this.#permits += chunks;
    const woken = this.#waiting;
    this.#waiting = [];
    for (const wake of woken) wake();
  }

  /** Resolves when a chunk may go, or when nobody wants it any more. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#permits === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (!signal.aborted) this.#permits -= 1;
  }
}
