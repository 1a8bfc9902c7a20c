import { createHash } from 'node:crypto';
import type { Api } from 'grammy';
import { within } from '../../src/adapter-kit/index.ts';
import type { ChatId, OutboundId, Preview } from '../../src/contract/index.ts';
import { target, toAddress } from './address.ts';
import { toSignal } from './client.ts';
import { toChannelError } from './errors.ts';
import { render } from './format.ts';

/** An answer waits no longer for a preview that is on its way, in milliseconds. */
const TIMEOUT_MS = 3_000;

export interface Previews {
  /** Resolves when it is shown. It is not broken off halfway: Telegram might show it all the same, and later. */
  show(preview: Preview): Promise<void>;
  /** Resolves when none is on its way to this chat: one that came after its answer would look like another answer. */
  settled(chat: ChatId): Promise<void>;
}

/**
 * Growing answers as drafts (https://core.telegram.org/bots/api#sendmessagedraft), until `stopping` aborts. A draft is
 * gone as soon as a message comes, or 30 seconds after its last change: also after a restart, nothing is left to clean up.
 */
export function createPreviews(api: Api, stopping: AbortSignal): Previews {
  const underWay = new Map<ChatId, Promise<void>>();
  return {
    async show(preview) {
      const { id } = preview.chat;
      const drafting = draft(api, preview, within(TIMEOUT_MS, stopping));
      underWay.set(id, drafting);
      await drafting.finally(() => underWay.delete(id));
    },
    async settled(chat) {
      await underWay.get(chat)?.catch(() => {});
    },
  };
}

async function draft(api: Api, { chat, first, text }: Preview, signal: AbortSignal): Promise<void> {
  // Of an answer of several messages, the part that grows.
  const latest = render(text).at(-1);
  if (latest === undefined) return;
  const draft = { draft_id: draftId(first), text: latest.text, parse_mode: 'HTML' } as const;
  try {
    await api.raw.sendMessageDraft({ ...target(toAddress(chat.id)), ...draft }, toSignal(signal));
  } catch (error) {
    throw toChannelError('sendMessageDraft', error);
  }
}

/** The same for all drafts of an answer, and never 0. */
function draftId(first: OutboundId): number {
  return createHash('sha256').update(first).digest().readUIntBE(0, 3) + 1;
}
