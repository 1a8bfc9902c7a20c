import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What can go wrong with one request, as the network shows it.
 * `before` faults happen instead of the request's effect; `after` faults happen once the platform has done what was asked,
 * so that the client cannot know.
 */
export type Fault =
  /** Answers with this status and body. */
  | {
      kind: 'status';
      when?: 'before' | 'after';
      status: number;
      body?: unknown;
      headers?: Record<string, string>;
    }
  /** Cuts the connection without an answer. */
  | { kind: 'drop'; when?: 'before' | 'after' }
  /** Never answers; ends when the client gives up or the fake stops. */
  | { kind: 'hang'; when?: 'before' | 'after' }
  /** Answers 200 with a body that is not JSON. */
  | { kind: 'malformed'; when?: 'before' | 'after' };

interface Planned {
  fault: Fault;
  left: number;
  matches: (body: unknown) => boolean;
}

export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly rawBody: Buffer;
  /** The parsed JSON body, or `undefined`. */
  readonly body: unknown;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly response: ServerResponse;
}

/**
 * A loopback HTTP server that a platform's fake is built on: counts what it got, breaks on demand, and stops without
 * leaving a socket. A fake says what an operation is called (`operationOf`) and what it does (`handle`).
 */
export abstract class FakeHttpServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #faults = new Map<string, Planned[]>();
  /** Emits `change` after everything that a test might wait for. */
  protected readonly changes = new EventEmitter().setMaxListeners(0);
  /** The time that it takes it to be, as its answers tell; epoch milliseconds. */
  tellTime: () => number = Date.now;
  /** How often each operation was asked for, faults included. */
  readonly requests = new Map<string, number>();

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** The name of what is asked, for faults and counts, e.g. `sendMessage`. */
  protected abstract operationOf(request: FakeRequest): string;
  /** Does it, and answers by `reply` (or by writing to `request.response`). */
  protected abstract handle(operation: string, request: FakeRequest): Promise<Reply | undefined> | Reply;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** Lets the next `times` requests of an operation (that `matches`) fail. Planned faults are used up in order. */
  fail(operation: string, fault: Fault, times = 1, matches: (body: unknown) => boolean = () => true): void {
    const planned = this.#faults.get(operation) ?? [];
    planned.push({ fault, left: times, matches });
    this.#faults.set(operation, planned);
  }

  /** Forgets all faults that have not happened yet. */
  heal(): void {
    this.#faults.clear();
  }

  /** Cuts every open connection, as a network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves as soon as `reached` is true; rejects with `what` when it is not within `timeoutMs`. */
  async until(reached: () => boolean, what: string, timeoutMs = 20_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!reached()) {
      try {
        await once(this.changes, 'change', { signal: deadline });
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  protected changed(): void {
    this.changes.emit('change');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went away while it was sending
    }
    const rawBody = Buffer.concat(chunks);
    response.setHeader('date', new Date(this.tellTime()).toUTCString());
    const request: FakeRequest = {
      method: incoming.method ?? 'GET',
      url: new URL(incoming.url ?? '/', this.url),
      headers: incoming.headers,
      rawBody,
      body: parseJson(rawBody),
      signal: gone.signal,
      response,
    };
    const operation = this.operationOf(request);
    this.requests.set(operation, (this.requests.get(operation) ?? 0) + 1);
    const fault = this.#takeFault(operation, request.body);
    if (fault === undefined || fault.when === 'after') {
      const reply = await this.handle(operation, request);
      if (fault === undefined) {
        if (reply !== undefined) send(response, reply);
        this.changed();
        return;
      }
    }
    this.changed();
    switch (fault.kind) {
      case 'status':
        send(response, { status: fault.status, body: fault.body ?? {}, headers: fault.headers ?? {} });
        return;
      case 'drop':
        response.destroy();
        return;
      case 'malformed':
        send(response, { status: 200, body: '{"ok":tru' });
        return;
      case 'hang':
        return;
    }
  }

  #takeFault(operation: string, body: unknown): Fault | undefined {
    const planned = this.#faults.get(operation);
    const next = planned?.find((candidate) => candidate.matches(body));
    if (planned === undefined || next === undefined) return undefined;
    next.left -= 1;
    if (next.left === 0) planned.splice(planned.indexOf(next), 1);
    return next.fault;
  }
}

export interface Reply {
  status: number;
  /** A string is sent as it is, all else as JSON. */
  body: unknown;
  headers?: Record<string, string>;
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}
