import type { AgentError } from './errors.ts';
import type { AgentId, SessionId, TurnId } from './ids.ts';
import type { Language } from './language.ts';
import type { InboundMessage } from './messages.ts';

/** Anything that survives `JSON.stringify` and back. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One line of a conversation, as it was committed. */
export interface HistoryEntry {
  readonly role: 'user' | 'assistant';
  /** In groups: who said it, as people call them. */
  readonly speaker?: string;
  readonly text: string;
}

/** A configured answerer; made once when the gateway starts. */
export interface Agent {
  readonly id: AgentId;
  /** How many of a session's latest turns `run` wants to see; 0 spares the reading of them. */
  readonly historyTurns: number;
  /**
   * Makes the runtime of one session. `state` is what the session's last turn left by a `state` event.
   * May be slow (start a process, open a connection) and may fail: the turn is then retried like any failed turn.
   */
  open(session: SessionId, state: Json | undefined): Promise<AgentRuntime>;
}

/**
 * One live instance of an agent, owned by one session. The gateway never runs two turns of it at once.
 * It holds nothing that cannot be lost: history and state come from the gateway and go back through events.
 */
export interface AgentRuntime {
  /**
   * Answers. Yields events, the last of which is `done` or `error`; a throw counts as a temporary error.
   * Must end soon after `turn.signal` aborts (the person said stop, or the time is up); the gateway stops listening anyway.
   * After that abort it may end without a last event.
   * Nothing is retried inside: an `error` with `temporary` asks the gateway to run the whole turn again.
   * Because a crash also leads to a re-run, effects on the outside should be keyed by `turn.id`.
   */
  run(turn: Turn): AsyncIterable<AgentEvent>;
  /** Frees what `open` took. Called once, never during a turn. May be slow; a rejection is logged and ignored. */
  close(): Promise<void>;
}

/** What there is to answer. */
export interface Turn {
  readonly id: TurnId;
  readonly session: SessionId;
  /** 1 for the first run, one more for each re-run. */
  readonly attempt: number;
  /**
   * What there is to answer, oldest first: what happened since the last turn and is only to be known (changes, and messages
   * that came `tooLate` or were `overheard`), if anything, and at the end the message or the messages that ask for this turn.
   */
  readonly messages: readonly InboundMessage[];
  /**
   * What has been said since to be answered by this turn as well, oldest first, and each message once; mostly nothing. Asked
   * between steps and at the end by an agent that can go on with it; what nobody asks for is answered by a turn of its own.
   * Rejects with an AgentError that is to end the turn.
   */
  readonly more: () => Promise<readonly InboundMessage[]>;
  /** What was said before, oldest first; at most `historyTurns` turns. */
  readonly history: readonly HistoryEntry[];
  /** What the gateway speaks with the person who asks, for an agent that has words of its own to say. */
  readonly language: Language;
  /** A folder that only this session uses, absolute; made when it is first asked for. Received files are in it. */
  readonly workspace: () => string;
  readonly signal: AbortSignal;
}

/** A file that an agent made. */
export interface Artifact {
  /** As people shall see it; no path. */
  readonly name: string;
  /** Its content, or where it lies: within the turn's workspace, or it is refused. */
  readonly content: Uint8Array | { readonly path: string };
}

export type AgentEvent =
  /** More of the answer, as Markdown; the answer is all chunks put together. */
  | { readonly type: 'chunk'; readonly text: string }
  /** A file that belongs to the answer; sent after its text. */
  | { readonly type: 'artifact'; readonly file: Artifact }
  /** The answer ends with a question, and these are the answers to choose from: short labels, at least one. The last counts. */
  | { readonly type: 'choices'; readonly labels: readonly string[] }
  /** An emoji as our reaction to the message that is answered. The last counts; left out where there are no reactions. */
  | { readonly type: 'reaction'; readonly emoji: string }
  /** Something worth keeping with the turn (token usage, a tool call), for whoever asks why. */
  | { readonly type: 'data'; readonly name: string; readonly value: Json }
  /** What `open` shall get when this session's runtime is made anew; committed with the turn, so it outlives a kill. */
  | { readonly type: 'state'; readonly state: Json }
  /** The turn failed. The last event. */
  | { readonly type: 'error'; readonly error: AgentError }
  /** The answer is complete. The last event. */
  | { readonly type: 'done' };
