import { z } from 'zod';
import { LANGUAGES, type MenuCommand } from '../../src/contract/index.ts';
import { capabilities, MAX_FILES } from './capabilities.ts';

/**
 * What the page and the adapter say to each other: one JSON object per WebSocket message.
 *
 * The page opens with `hello` and gets `welcome`; from then on it hears of every line. It keeps a message until `ack`
 * (or `nack` without `retryAfterMs`), and offers it again under the same id after each `welcome`.
 */
export type FromPage = z.infer<typeof fromPage>;

/** A message id is made by the page; long and random, so that no two messages ever share one. */
const messageId = z.uuid();

/** A file that was uploaded before (see uploads.ts), under an id that the page made as well. */
const uploadedFile = z.object({
  id: z.uuid(),
  name: z.string().max(1000),
  mime: z.string().max(200),
  bytes: z.int().positive(),
});

/** What the page speaks with the person. */
const language = z.enum(LANGUAGES).optional();

const fromPage = z.discriminatedUnion('type', [
  /** The page is there, anew or again. */
  z.object({ type: z.literal('hello') }),
  /** The person said something. */
  z.object({
    type: z.literal('message'),
    id: messageId,
    text: z.string(),
    files: z.array(uploadedFile).max(MAX_FILES).optional(),
    language,
  }),
  /** The person pressed the button with this label, under the line `of`. Confirmed like a message. */
  z.object({
    type: z.literal('choice'),
    id: messageId,
    of: z.string().min(1).max(100),
    label: z.string().min(1).max(capabilities.choices.labelLimit),
    language,
  }),
  /** The person pressed Stop. */
  z.object({ type: z.literal('stop') }),
  /** Is anybody there? Answered by `pong`, because a page cannot see the pings of the WebSocket itself. */
  z.object({ type: z.literal('ping') }),
]);

export type ToPage =
  | {
      readonly type: 'welcome';
      /** Who the server takes this browser for; a page made for somebody else reloads itself. */
      readonly visitor: string;
      /** Oldest first. */
      readonly lines: readonly Line[];
      /** The turn that is running, with its answer so far. */
      readonly live: { readonly turn: string; readonly text: string } | null;
      /** The commands that can be given. */
      readonly menu: readonly MenuCommand[];
    }
  /** A new line, or a known one again: the id tells. It takes the place of what was streamed for its turn. */
  | { readonly type: 'line'; readonly line: Line }
  /** The message is on disk. */
  | { readonly type: 'ack'; readonly id: string }
  /** It is not: offer it again after `retryAfterMs`, or, if that is absent, never. */
  | { readonly type: 'nack'; readonly id: string; readonly reason: Refusal; readonly retryAfterMs?: number }
  /** The agent is at work on this turn. */
  | { readonly type: 'working'; readonly turn: string }
  /** It is no more, for whatever reason. */
  | { readonly type: 'idle'; readonly turn: string }
  /** The answer so far is what it was up to `offset` (in UTF-16 units), and then `text`. */
  | { readonly type: 'stream'; readonly turn: string; readonly offset: number; readonly text: string }
  /** Our reaction to the person's line. */
  | { readonly type: 'reaction'; readonly line: string; readonly emoji: string }
  /** Other commands than before. */
  | { readonly type: 'menu'; readonly commands: readonly MenuCommand[] }
  | { readonly type: 'pong' };

export type { MenuCommand };

/** Why a message is not taken; the page has the words. */
export type Refusal = 'empty' | 'too_long' | 'file_gone' | 'not_stored';

/** Why a file is not taken. */
export type FileRefusal = 'too_large' | 'too_many';

export interface Line {
  readonly id: string;
  readonly from: 'person' | 'agent';
  /** Of a person: plain text. Of the agent: Markdown. */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly turn?: string | undefined;
  /** To be had, each by its place in this list, at `files/<line's id>/<place>`. */
  readonly files?: readonly ShownFile[] | undefined;
  /** Buttons; none is left once the person has said something after this line. */
  readonly choices?: readonly string[] | undefined;
  /** Our reaction, an emoji. */
  readonly reaction?: string | undefined;
}

export interface ShownFile {
  readonly name: string;
  readonly mime?: string | undefined;
  readonly bytes?: number | undefined;
}

/** What a page sent, or `undefined` if no page of ours sends such a thing. */
export function parseFromPage(frame: string): FromPage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return undefined;
  }
  return fromPage.safeParse(value).data;
}
