/**
 * Why a channel could not do what it was asked.
 *
 * - `auth`: the platform refuses our credentials. Waits for a person.
 * - `rate_limited`: too fast; `retryAfterMs` says how long the platform wants us to wait.
 * - `network`: no connection, a cut, a time-out.
 * - `unavailable`: the platform answered, but with trouble of its own (5xx, maintenance, another poller).
 * - `rejected`: the platform understood and will never accept this (blocked by the user, chat gone, too long).
 */
export type ChannelErrorKind = 'auth' | 'rate_limited' | 'network' | 'unavailable' | 'rejected';

export interface ChannelErrorOptions {
  /**
   * Do we know that the platform did not accept the request? `false` after a lost answer: it may have been done.
   * Defaults to `false` for `network` and `unavailable`, and to `true` for the others, which are answers.
   */
  certain?: boolean;
  /** Milliseconds until the platform wants to hear from us again; with `rate_limited`, and optional with `unavailable`. */
  retryAfterMs?: number;
  /** One sentence for the owner: what to do about it. */
  hint?: string;
  cause?: unknown;
}

/**
 * The only error that leaves an adapter. Every SDK's error becomes one at the adapter's edge, and nobody further in
 * reads error texts. The rule: temporary unless known to be permanent (`rejected`), uncertain unless known.
 * The message must hold no secret.
 */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly kind: ChannelErrorKind;
  readonly certain: boolean;
  readonly retryAfterMs: number | undefined;
  readonly hint: string | undefined;

  constructor(kind: ChannelErrorKind, message: string, options: ChannelErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.certain = options.certain ?? (kind !== 'network' && kind !== 'unavailable');
    this.retryAfterMs = options.retryAfterMs;
    this.hint = options.hint;
  }

  /** Whatever was thrown, as a ChannelError: what is not one yet is temporary, and its outcome uncertain. */
  static from(error: unknown): ChannelError {
    if (error instanceof ChannelError) return error;
    return new ChannelError('unavailable', errorText(error), { cause: error });
  }
}

/**
 * Why an agent could not answer. `temporary` failures are run again by the gateway (the owner of turn retries).
 * `message` is for the owner; the person in the chat reads a fixed sentence and never this text.
 */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly temporary: boolean;
  readonly retryAfterMs: number | undefined;
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { temporary: boolean; retryAfterMs?: number; hint?: string; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.temporary = options.temporary;
    this.retryAfterMs = options.retryAfterMs;
    this.hint = options.hint;
  }
}

/**
 * A trouble that a person can mend, found while starting: it is told as `message` and `hint`, without a stack trace.
 * `exitCode` follows sysexits: 78 (EX_CONFIG) tells a service manager not to try again.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(message: string, options: { exitCode?: number; hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? 78;
    this.hint = options.hint;
  }
}

/** The text of anything that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
