import type { ChannelId } from './ids.ts';

/**
 * What a look at something found. `what` and `cure` are sentences for the owner, and must hold no secret.
 *
 * - `ok`: it is as it should be; `what` says what was proven.
 * - `warning`: it works, but not all of it, or not for long.
 * - `problem`: it does not work until somebody has done something.
 */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly what: string;
  /** What to do about it; absent exactly where it is `ok`. */
  readonly cure?: string;
}

/** What a channel's `probe` may use. */
export interface ProbeHost {
  readonly channel: ChannelId;
  /** The folder that `AdapterHost.dataDir` would give; it may not be there. Only to be read. */
  readonly dataDir: string;
  /** Aborts when nobody waits for the findings any more. */
  readonly signal: AbortSignal;
}
