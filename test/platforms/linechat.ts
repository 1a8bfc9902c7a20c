import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface LinechatMessage {
  readonly op: 'message';
  readonly id: string;
  readonly chat: { readonly id: string; readonly group?: boolean };
  readonly from: { readonly id: string; readonly name?: string; readonly bot?: boolean };
  readonly text: string;
  readonly at: number;
}

export interface Accepted {
  readonly id: string;
  readonly chat: string;
  readonly text: string;
}

/** What happens to the next `send`. The last two are told by nobody: the connection is cut, or nothing comes. */
export type SendFault =
  | { readonly reason: string; readonly retryAfterMs?: number }
  | 'accept, then cut'
  | 'never answer';

/** The made-up platform of the skeleton adapter (its protocol: adapters/skeleton/index.ts), on loopback. */
export class Linechat {
  readonly #server: Server = createServer((socket) => this.#greet(socket));
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #clients = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  readonly #unacked = new Map<string, LinechatMessage>();
  readonly #faults: SendFault[] = [];
  readonly token = 'linechat-test-token';
  /** What was accepted, each id once. */
  readonly accepted: Accepted[] = [];
  readonly acked: string[] = [];
  #next = 0;

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** A person writes in a direct chat. */
  say(text: string, person = 'alice', replyTo?: string): LinechatMessage {
    this.#next += 1;
    const id = `in-${this.#next}`;
    const message = {
      op: 'message',
      id,
      chat: { id: person },
      from: { id: person },
      text,
      at: this.#next,
      ...(replyTo !== undefined && { replyTo }),
    } as const;
    this.#unacked.set(id, message);
    for (const client of this.#clients) tell(client, message);
    return message;
  }

  failNextSend(fault: SendFault): void {
    this.#faults.push(fault);
  }

  /** Cuts every connection, as a network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** How many messages it still offers. */
  get unacked(): number {
    return this.#unacked.size;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async until(reached: () => boolean, what: string, timeoutMs = 20_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!reached()) {
      try {
        await once(this.#changes, 'change', { signal: deadline });
      } catch {
        throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
      }
    }
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #greet(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#clients.delete(socket);
      this.#changes.emit('change');
    });
    const lines = createInterface({ input: socket });
    lines.on('error', () => {});
    lines.on('line', (line) => {
      this.#take(socket, JSON.parse(line) as Record<string, string>);
      this.#changes.emit('change');
    });
  }

  #take(socket: Socket, line: Readonly<Record<string, string>>): void {
    const { op, id = '' } = line;
    if (op === 'hello') {
      const isKnown = line.token === this.token;
      tell(socket, { op: isKnown ? 'welcome' : 'refused' });
      if (!isKnown) return;
      this.#clients.add(socket);
      for (const message of this.#unacked.values()) tell(socket, message);
    } else if (op === 'ack') {
      this.#unacked.delete(id);
      this.acked.push(id);
    } else if (op === 'nack') {
      const message = this.#unacked.get(id);
      if (message !== undefined) setImmediate(tell, socket, message);
    } else if (op === 'send') {
      this.#accept(socket, { id, chat: line.chat ?? '', text: line.text ?? '' });
    }
  }

  #accept(socket: Socket, message: Accepted): void {
    const fault = this.#faults.shift();
    if (fault === 'never answer') return;
    if (typeof fault === 'object') {
      tell(socket, { op: 'failed', id: message.id, ...fault });
      return;
    }
    if (!this.accepted.some(({ id }) => id === message.id)) this.accepted.push(message);
    if (fault === 'accept, then cut') socket.destroy();
    else tell(socket, { op: 'sent', id: message.id, messageId: `out-${message.id}` });
  }
}

function tell(socket: Socket, line: object): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`);
}
