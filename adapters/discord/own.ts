import type { REST } from '@discordjs/rest';
import { createLatest } from '../../src/adapter-kit/index.ts';
import type { OutboundMessage, Preview } from '../../src/contract/index.ts';
import { render } from './format.ts';
import { put } from './outbound.ts';

/** So many of our own messages are known by the ids that the gateway gave them. */
const KNOWN = 1_000;

interface Own {
  /** Discord's id of it, once it is known to have arrived, whatever became of the answer to us. */
  place?: string;
  /** Whether it shows an answer that grows, or did. */
  grows: boolean;
  /** What of that answer it shows. */
  text?: string;
  /** The answer is due: nothing of it may be shown any more. */
  over: boolean;
  /** Settles when no attempt to show something is under way. */
  shown: Promise<unknown>;
}

/** Our own messages: where they are, and which of them may show no more than a preview. */
export function createOwnMessages() {
  const known = createLatest<Own>(KNOWN);

  function knownAs(id: string): Own {
    return known.getOr(id, () => ({ grows: false, over: false, shown: Promise.resolve() }));
  }

  return {
    /** Discord tells of one. True if it may be a preview, which has to be found again after a restart. */
    arrived(id: string, place: string): boolean {
      const own = knownAs(id);
      own.place = place;
      return own.grows;
    },

    /** Previews from before a restart. */
    remember(previews: Readonly<Record<string, string>>): void {
      for (const [id, place] of Object.entries(previews)) {
        Object.assign(knownAs(id), { place, grows: true });
      }
    },

    /** Shows what fits of an answer into its first message, which is the one that stays. */
    async show(rest: REST, { first: id, text, ...where }: Preview, signal: AbortSignal): Promise<void> {
      const own = knownAs(id);
      const [body] = render(text);
      if (body === undefined || body.text === own.text || own.over) return;
      own.grows = true;
      const preview = { ...where, id, body, possiblyRepeated: false };
      const showing = put(rest, preview, { place: own.place, pings: false, signal }).then((place) => {
        own.place = place;
        own.text = body.text;
      });
      own.shown = Promise.allSettled([own.shown, showing]);
      await showing;
    },

    /** Sends a message once, into the place of its preview if there was one. Returns Discord's id of it. */
    async send(
      rest: REST,
      message: OutboundMessage,
      sentAgain: string | undefined,
      signal: AbortSignal,
    ): Promise<string> {
      const own = knownAs(message.id);
      own.over = true;
      await own.shown;
      const { place, grows } = own;
      if (place !== undefined && !grows && !message.previewLost) return place;
      own.place = await put(rest, message, { place, pings: true, sentAgain, signal });
      return own.place;
    },
  };
}

export type OwnMessages = ReturnType<typeof createOwnMessages>;
