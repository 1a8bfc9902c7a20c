/** Why a request is not served. `error` is told to the client: it holds nothing of ours that is not public. */
export class Refusal {
  readonly status: number;
  readonly error: string;
  /** Milliseconds until it makes sense to ask again. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, error: string, retryAfterMs?: number) {
    this.status = status;
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}
