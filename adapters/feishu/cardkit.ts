import { z } from 'zod';
import type { Client } from './client.ts';

/** The part of Feishu's REST API that is about cards which change (cardkit-v1). Everything rejects with a ChannelError. */
export type CardKit = ReturnType<typeof createCardKit>;

const CARDS = '/open-apis/cardkit/v1/cards';
const id = z.object({ card_id: z.string() });

/** `sequence` must grow from change to change of a card; what comes with a lesser one is refused. */
export function createCardKit({ call, ask }: Client) {
  return {
    /** Makes a card that can be sent, once. */
    async create(card: string, signal: AbortSignal): Promise<string> {
      const data = { type: 'card_json', data: card };
      return (await ask(id, { method: 'POST', url: CARDS, data, signal })).card_id;
    },

    /** The card that a message shows. */
    async shownBy(message: string, signal: AbortSignal): Promise<string> {
      const data = { message_id: message };
      return (await ask(id, { method: 'POST', url: `${CARDS}/id_convert`, data, signal })).card_id;
    },

    /** Types a text, all of it, into an element of a card that is streaming. */
    async write(
      card: string,
      element: string,
      content: string,
      sequence: number,
      signal: AbortSignal,
    ): Promise<void> {
      const url = `${CARDS}/${card}/elements/${element}/content`;
      await call({ method: 'PUT', url, data: { content, sequence }, signal });
    },

    async setStreaming(card: string, on: boolean, sequence: number, signal: AbortSignal): Promise<void> {
      const settings = JSON.stringify({ config: { streaming_mode: on } });
      await call({ method: 'PATCH', url: `${CARDS}/${card}/settings`, data: { settings, sequence }, signal });
    },

    async replace(card: string, by: string, sequence: number, signal: AbortSignal): Promise<void> {
      const data = { card: { type: 'card_json', data: by }, sequence };
      await call({ method: 'PUT', url: `${CARDS}/${card}`, data, signal });
    },
  };
}
