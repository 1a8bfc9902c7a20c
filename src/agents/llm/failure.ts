/**
 * How a request for an answer failed.
 *
 * - `refused`: the provider said so, with an HTTP status or in the stream.
 * - `network`: no connection, or a cut one; the message is the system's code.
 * - `broken`: what came was no answer: unreadable, or it ended too soon.
 */
export type FailureKind = 'refused' | 'network' | 'broken';

/** What a ModelPort throws. The message may quote the provider and is not yet fit to be shown. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly kind: FailureKind;
  readonly status: number | undefined;
  /** The provider's own word for it, such as `context_length_exceeded`. */
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: FailureKind,
    message: string,
    more: { status?: number; code?: string | undefined; headers?: Record<string, string> | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.status = more.status;
    this.code = more.code;
    this.headers = more.headers ?? {};
  }
}
