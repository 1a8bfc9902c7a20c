import { createLatest } from '../../src/adapter-kit/index.ts';
import type { OutboundId, Preview } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';
import { TEXT, toCard } from './card.ts';
import { toCardText } from './card-text.ts';
import { type Attempt, deliver } from './deliver.ts';
import { isRefusal, isStreamingOver } from './errors.ts';
import { type Line, render, toLines } from './format.ts';

/** Answers that grow, or have grown, in the chats. */
export type Previews = ReturnType<typeof createPreviews>;

interface Shown {
  /** The message that shows it; absent as long as nobody knows whether there is one. */
  message?: string;
  /** The card that the message shows, if we know it. */
  card?: string;
  /** What the card says. */
  text?: string;
  sequence: number;
  /** Whether something may stand in the chat. */
  mayStand: boolean;
  /** Aborts when the answer itself is on its way. */
  readonly over: AbortController;
}

const MAX_REMEMBERED = 1000;

export function createPreviews() {
  const known = createLatest<Shown>(MAX_REMEMBERED);

  function of(id: OutboundId): Shown {
    return known.getOr(id, () => ({ sequence: 0, mayStand: false, over: new AbortController() }));
  }

  return {
    /** Shows an answer while it grows: in a card, whose message the answer itself will take. */
    async show(attempt: Attempt, preview: Preview): Promise<void> {
      // The answer's first message holds no more than this, and to look further would cost time at each step.
      const [body] = render(preview.text.slice(0, capabilities.textLimit));
      const shown = of(preview.first);
      const over = shown.over.signal;
      if (body === undefined || over.aborted) return;
      const signal = AbortSignal.any([attempt.signal, over]);
      await grow({ ...attempt, signal }, preview, toLines(body.text), shown).catch((error: unknown) => {
        if (!over.aborted) throw error;
      });
    },

    /**
     * No preview of this answer comes any more. Tells what may stand in the chat. What is broken off and still arrives
     * changes nothing: a message comes under an id that is taken then, a change under a number that is passed.
     */
    end(id: OutboundId): Shown | undefined {
      const shown = of(id);
      shown.over.abort();
      return shown.mayStand ? shown : undefined;
    },

    /** Makes a card that stands in the chat, ours or one that an earlier process left, the answer itself. */
    async finish(
      { api, cards, signal }: Attempt,
      id: OutboundId,
      message: string,
      answer: object,
    ): Promise<void> {
      const json = JSON.stringify(answer);
      const shown = of(id);
      const card = shown.card ?? (await cards.shownBy(message, signal).catch(noneIfRefused));
      if (card === undefined) return api.replaceCard(message, json, signal);
      await cards.setStreaming(card, false, next(shown), signal);
      await cards.replace(card, json, next(shown), signal);
    },
  };
}

async function grow(attempt: Attempt, preview: Preview, lines: readonly Line[], shown: Shown): Promise<void> {
  const { cards, signal } = attempt;
  const text = toCardText(lines);
  if (shown.message === undefined) {
    const card = await cards.create(JSON.stringify(toCard({ lines, streaming: true })), signal);
    shown.mayStand = true;
    const content = JSON.stringify({ type: 'card', data: { card_id: card } });
    shown.message = (await deliver(attempt, preview, { type: 'interactive', content }, preview.first)).id;
    // An earlier process may have sent a message under this id: then that one stands, and shows another card.
    shown.card = await cards.shownBy(shown.message, signal);
    if (shown.card === card) shown.text = text;
  }
  if (shown.text === text) return;
  shown.card ??= await cards.shownBy(shown.message, signal);
  const { card } = shown;
  const write = () => cards.write(card, TEXT, text, next(shown), signal);
  try {
    await write();
  } catch (error) {
    // Feishu ends it after ten minutes.
    if (!isStreamingOver(error)) throw error;
    await cards.setStreaming(card, true, next(shown), signal);
    await write();
  }
  shown.text = text;
}

function noneIfRefused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

/** The next number of a card's changes. It goes with the clock, so that it grows over a restart too; they are 100 ms apart. */
function next(shown: Shown): number {
  shown.sequence = Math.max(shown.sequence + 1, Math.floor(Date.now() / 100) % 0x7fff_ffff);
  return shown.sequence;
}
