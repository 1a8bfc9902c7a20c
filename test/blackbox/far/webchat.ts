import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { WebSocket } from 'ws';
import { MAX_MESSAGE_LENGTH } from '../../../adapters/webchat/capabilities.ts';
import type { FromPage, Line, ToPage } from '../../../adapters/webchat/protocol.ts';
import { between, type Far } from './far.ts';

type Said = Extract<FromPage, { id: string }>;

/** One browser with the page open, as far as the wire shows it: it comes back after a cut, and offers what was not taken. */
export async function webchat(): Promise<Far> {
  const changes = new EventEmitter().setMaxListeners(0);
  const lines = new Map<string, Line>();
  const files = new Map<string, Buffer[]>();
  const unsent = new Map<string, Said>();
  const reactions = new Map<string, string>();
  let root = '';
  let cookie = '';
  let socket: WebSocket | undefined;
  let growing = '';

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, root), {
      ...init,
      headers: { cookie, origin: new URL(root).origin, connection: 'close', ...init.headers },
    });

  async function connect(): Promise<void> {
    const address = new URL('ws', root);
    address.protocol = 'ws:';
    const next = new WebSocket(address, { headers: { cookie, origin: new URL(root).origin } });
    socket = next;
    next.on('error', () => {});
    // What cannot be shown because the gateway goes away is told again with the next welcome.
    next.on('message', (data) => void hear(JSON.parse(String(data)) as ToPage).catch(() => {}));
    await once(next, 'open');
    next.send(JSON.stringify({ type: 'hello' }));
  }

  async function hear(message: ToPage): Promise<void> {
    if (message.type === 'welcome') {
      for (const line of message.lines) await show(line);
      for (const said of unsent.values()) socket?.send(JSON.stringify(said));
    }
    if (message.type === 'line') await show(message.line);
    if (message.type === 'ack') unsent.delete(message.id);
    if (message.type === 'stream') growing = growing.slice(0, message.offset) + message.text;
    if (message.type === 'reaction') reactions.set(message.line, message.emoji);
    changes.emit('change');
  }

  async function show(line: Line): Promise<void> {
    if (line.from === 'agent') {
      const fetched = (line.files ?? []).map(async (_, place) =>
        Buffer.from(await (await ask(`files/${line.id}/${place}`)).arrayBuffer()),
      );
      files.set(line.id, await Promise.all(fetched));
    }
    lines.set(line.id, line);
  }

  function offer(said: Said): string {
    unsent.set(said.id, said);
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
    return said.id;
  }

  async function upload(picture: Buffer) {
    const file = { id: randomUUID(), name: 'seal.png', mime: 'image/png', bytes: picture.length };
    const body = JSON.stringify({ id: file.id, offset: 0, data: picture.toString('base64') });
    await ask('upload', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return file;
  }

  const shown = () => [...lines.values()].filter(({ from }) => from === 'agent');
  return {
    name: 'webchat',
    options: 'title: Test',
    textLimit: 200_000,
    exact: true,
    direct: {
      async say(text, { picture } = {}) {
        growing = '';
        const attached = picture && { files: [await upload(picture)] };
        return offer({
          type: 'message',
          id: randomUUID(),
          text: text.slice(0, MAX_MESSAGE_LENGTH),
          ...attached,
        });
      },
      told: () =>
        shown().map(({ id, text, choices = [] }) => ({
          id,
          text,
          bold: between('**', text),
          files: files.get(id) ?? [],
          buttons: choices,
        })),
      growing: () => growing,
      press(label) {
        const of = shown().findLast(({ choices = [] }) => choices.includes(label))?.id ?? '';
        offer({ type: 'choice', id: randomUUID(), of, label });
      },
      reactions: (said) => [reactions.get(said) ?? []].flat(),
    },
    async open(url) {
      root = new URL('channels/webchat/', url).href;
      // Cookies are named by the port, which is another one here after each start.
      cookie = cookie.replace(/_\d+=/, `_${new URL(url).port}=`);
      const [set = ''] = (await ask('')).headers.getSetCookie();
      cookie = set.split(';')[0] || cookie;
      await connect();
    },
    async cut() {
      socket?.terminate();
      await connect();
    },
    async until(reached, what) {
      const deadline = AbortSignal.timeout(20_000);
      while (!reached()) {
        await once(changes, 'change', { signal: deadline }).catch(() => {
          throw new Error(`waited in vain: ${what}`);
        });
      }
    },
    async [Symbol.asyncDispose]() {
      socket?.terminate();
    },
  };
}
