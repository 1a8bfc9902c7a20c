import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FromPage, ToPage } from '../../../adapters/webchat/protocol.ts';
import type { Hub } from './memory-hub.ts';

type Message = Extract<FromPage, { type: 'message' }>;
type Said<Type extends ToPage['type']> = Extract<ToPage, { type: Type }>;

/** A browser: its cookie, and as many tabs as a test opens. */
export async function browser(hub: Hub) {
  const response = await fetch(hub.url);
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  /** Reads the answer whole and leaves no connection behind, which the server would wait for when it closes. */
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { cookie, origin: hub.origin, connection: 'close', ...init.headers };
    const response = await fetch(hub.url + path, { ...init, headers });
    const content = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, content };
  };
  return {
    cookie,
    ask,
    open: () => openTab(hub, cookie),
    /** Uploads a piece of a file. */
    async upload(id: string, piece: Buffer, offset = 0) {
      const { status, content } = await ask('upload', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id, offset, data: piece.toString('base64') }),
      });
      return { status, told: JSON.parse(String(content)) };
    },
  };
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
    message(text: string, { id = randomUUID() as string, files }: Partial<Message> = {}): string {
      tab.say({ type: 'message', id, text, ...(files && { files }) });
      return id;
    },
    /** Presses a button under a line. */
    choose(of: string, label: string): string {
      const id = randomUUID();
      tab.say({ type: 'choice', id, of, label });
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
