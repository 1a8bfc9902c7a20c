import type { LoginStep, OutboundFile } from '../../src/contract/index.ts';
import type { MessageRef } from './ids.ts';

/**
 * What the adapter and its worker say to each other. The worker is a process of its own because libsignal prints private
 * keys to the console, and because it holds what only the worker needs: the login, its keys and the journal.
 */
export type ToWorker =
  /** `call`: which one this is; the answer repeats it. */
  | { readonly type: 'request'; readonly call: number; readonly request: Request }
  | { readonly type: 'typing'; readonly chat: string; readonly on: boolean }
  /** These events are stored; the journal can forget them. */
  | { readonly type: 'stored'; readonly keys: readonly string[] }
  | { readonly type: 'stop' };

export type Request =
  | Saying
  | { readonly type: 'locate'; readonly media: MediaRef; readonly anew: boolean }
  /** Whose address hides their number. */
  | { readonly type: 'number'; readonly lid: string };

/** What goes into a chat, and is done when the server has it. */
export type Saying = { readonly chat: string; readonly stanzaId: string } & (
  | {
      readonly type: 'send';
      readonly text: string;
      readonly file?: OutboundFile;
      readonly quoted?: MessageRef;
    }
  | { readonly type: 'react'; readonly emoji: string; readonly to: MessageRef }
);

/** What it takes to fetch and open a received file, or to ask the phone for it again. */
export interface MediaRef {
  readonly type: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  /** Base64. */
  readonly mediaKey: string;
  readonly directPath: string;
  /** The message it came with, as WhatsApp addresses it. */
  readonly key: {
    readonly id: string;
    readonly remoteJid: string;
    readonly participant?: string | undefined;
  };
}

export type FromWorker =
  | { readonly type: 'open' }
  /** The connection ended; `code` is an HTTP-like number of Baileys, see errors.ts. */
  | { readonly type: 'closed'; readonly code: number }
  /** Somebody must scan or type this. */
  | { readonly type: 'login'; readonly step: Omit<LoginStep, 'instruction'> }
  /** Something was said; it is in the journal under `key` until `stored` names it. */
  | { readonly type: 'event'; readonly key: string; readonly event: unknown }
  /** `found`: where the file is that was to be located; the address with the number, if WhatsApp has told it. */
  | { readonly type: 'done'; readonly call: number; readonly found?: string }
  | ({ readonly type: 'refused'; readonly call: number } & Refusal)
  /** The worker cannot go on. */
  | { readonly type: 'failed'; readonly reason: string };

export interface Refusal {
  readonly reason: string;
  /** Of the server's refusal; absent when the connection failed before it took the request. */
  readonly code?: number;
  /** It never left this machine. */
  readonly unsent?: boolean;
}

/** Our own code in a refusal: the phone does not upload a file once more, because it does not have it any more. */
export const PHONE_LACKS_FILE = 410;

/** How the worker is told what to do: its only argument, as JSON. */
export interface WorkerOptions {
  readonly file: string;
  readonly webSocketUrl?: string | undefined;
  readonly pairingPhoneNumber?: string | undefined;
}
