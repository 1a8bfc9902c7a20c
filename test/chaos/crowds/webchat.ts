import { randomBytes, randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { FromPage, Line, ToPage } from '../../../adapters/webchat/protocol.ts';
import { type Crowd, forEachPerson } from './crowd.ts';

export async function webchat(): Promise<Crowd> {
  const pages = forEachPerson(() => new Page());
  return {
    name: 'webchat',
    options: '',
    exact: true,
    open: (url) => {
      for (const page of pages) page.open(url);
    },
    say: (person, text) => pages[person]?.say(text),
    read: (person) => pages[person]?.read() ?? [],
    async [Symbol.asyncDispose]() {
      for (const page of pages) page.close();
    },
  };
}

/** A browser with our page open: it keeps a message until it is confirmed, and shows a line once. */
class Page {
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #unsent = new Map<string, string>();
  readonly #lines = new Map<string, Line>();
  #socket: WebSocket | undefined;
  #welcome = false;

  open(url: string): void {
    this.close();
    const { host, origin, port } = new URL(url);
    const cookie = `openclaw_visitor_${port}=${this.#secret}`;
    const socket = new WebSocket(`ws://${host}/channels/webchat/ws`, { headers: { cookie, origin } });
    socket.on('open', () => this.#tell({ type: 'hello' }));
    socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as ToPage));
    // The gateway was killed; the page comes back when there is another.
    socket.on('error', () => {});
    this.#socket = socket;
  }

  close(): void {
    this.#welcome = false;
    this.#socket?.removeAllListeners('message').removeAllListeners('open');
    this.#socket?.terminate();
  }

  say(text: string): void {
    const id = randomUUID();
    this.#unsent.set(id, text);
    if (this.#welcome) this.#tell({ type: 'message', id, text });
  }

  read(): string[] {
    return [...this.#lines.values()].filter(({ from }) => from === 'agent').map(({ text }) => text);
  }

  #hear(message: ToPage): void {
    switch (message.type) {
      case 'welcome':
        for (const line of message.lines) this.#show(line);
        this.#welcome = true;
        for (const [id, text] of this.#unsent) this.#tell({ type: 'message', id, text });
        return;
      case 'line':
        this.#show(message.line);
        return;
      case 'ack':
        this.#unsent.delete(message.id);
        return;
      case 'nack':
        // Otherwise it is said again after the next welcome.
        if (message.retryAfterMs === undefined) throw new Error(`the page was refused: ${message.reason}`);
    }
  }

  #show(line: Line): void {
    if (!this.#lines.has(line.id)) this.#lines.set(line.id, line);
  }

  #tell(message: FromPage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
