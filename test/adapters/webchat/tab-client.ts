import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FromPage, ToPage } from '../../../adapters/webchat/protocol.ts';
import type { Hub } from './memory-hub.ts';

type Said<Type extends ToPage['type']> = Extract<ToPage, { type: Type }>;

/** A browser: its cookie, and as many tabs as a test opens. */
export async function browser(hub: Hub) {
  const response = await fetch(hub.url);
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { cookie, open: () => openTab(hub, cookie) };
}

/** One page, as far as the wire shows it. */
async function openTab(hub: Hub, cookie: string) {
  const ws = new WebSocket(`${hub.url.replace('http', 'ws')}ws`, { headers: { cookie, origin: hub.origin } });
  const heard: ToPage[] = [];
  ws.on('message', (data) => heard.push(JSON.parse(String(data))));
  await once(ws, 'open');

  const tab = {
    ws,
    heard,
    say: (message: FromPage) => ws.send(JSON.stringify(message)),
    /** Sends a text under a new id, or again under a known one; returns the id. */
    message(text: string, id: string = randomUUID()): string {
      tab.say({ type: 'message', id, text });
      return id;
    },
    /** The next message of a type (and content), taken out of what was heard. */
    async next<Type extends ToPage['type']>(type: Type, like: Partial<Said<Type>> = {}): Promise<Said<Type>> {
      for (;;) {
        const index = heard.findIndex(
          (message) =>
            message.type === type &&
            Object.entries(like).every(([key, value]) => Reflect.get(message, key) === value),
        );
        if (index !== -1) return heard.splice(index, 1)[0] as Said<Type>;
        await once(ws, 'message');
      }
    },
    async hello() {
      tab.say({ type: 'hello' });
      return tab.next('welcome');
    },
    closed: async (): Promise<number> => (await once(ws, 'close'))[0],
    [Symbol.dispose]: () => ws.terminate(),
  };
  return tab;
}
