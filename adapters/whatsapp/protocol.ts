/**
 * What the adapter and its worker say to each other. The worker is a process of its own because libsignal prints private
 * keys to the console, and because it holds what only the worker needs: the login, its keys and the journal.
 */
export type ToWorker =
  | {
      readonly type: 'send';
      /** Which call this is; the answer repeats it. */
      readonly call: number;
      readonly chat: string;
      readonly stanzaId: string;
      readonly text: string;
      readonly quoted?: { readonly id: string; readonly author: string };
    }
  | { readonly type: 'typing'; readonly chat: string; readonly on: boolean }
  /** These events are stored; the journal can forget them. */
  | { readonly type: 'stored'; readonly keys: readonly string[] }
  | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'open' }
  /** The connection ended; `code` is an HTTP-like number of Baileys, see errors.ts. */
  | { readonly type: 'closed'; readonly code: number }
  /** Somebody must scan this. */
  | { readonly type: 'qr'; readonly qr: string }
  /** Somebody must type this on the phone. */
  | { readonly type: 'pairing-code'; readonly code: string }
  /** Something was said; it is in the journal under `key` until `stored` names it. */
  | { readonly type: 'event'; readonly key: string; readonly event: unknown }
  | { readonly type: 'sent'; readonly call: number }
  /** `code`: of the server's refusal; absent when the connection failed before it took the message. */
  | { readonly type: 'refused'; readonly call: number; readonly code?: number; readonly reason: string }
  /** The worker cannot go on. */
  | { readonly type: 'failed'; readonly reason: string };

/** How the worker is told what to do: its only argument, as JSON. */
export interface WorkerOptions {
  readonly file: string;
  readonly webSocketUrl?: string | undefined;
  readonly pairingPhoneNumber?: string | undefined;
}
