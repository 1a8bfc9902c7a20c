import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';
import {
  type ChannelHttp,
  type ChannelId,
  type ChannelLog,
  type ChannelSocket,
  channelId,
  type Visitor,
} from '../../src/contract/index.ts';
import type { ChannelLogin } from '../../src/gateway/index.ts';
import {
  type Readiness,
  type RunningServer,
  type ServerOptions,
  startServer,
} from '../../src/server/index.ts';

export const TOKEN = 'test-token-0123456789';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** The real server on a free port of loopback, with a `page` for visitors and a `hook` for platforms. */
export async function boot(options: Partial<ServerOptions> = {}) {
  const logged: string[] = [];
  const write = (message: string, fields?: Record<string, unknown>) =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: ChannelLog = { debug: write, info: write, warn: write };
  const mounts = new Map<ChannelId, ChannelHttp>();
  const readiness: Readiness = { ready: true, channels: {} };
  const ports = {
    mounts,
    log,
    readiness: () => harness.readiness,
    logins: () => harness.logins,
    language: 'en' as const,
    metrics: { contentType: 'text/plain', text: async () => 'some_metric 1\n' },
  };
  const server = await startServer({ host: '127.0.0.1', port: 0, allowedHosts: [], ...options }, ports);
  const page = recordingMount('visitor');
  const hook = recordingMount('public');
  mounts.set(channelId('page'), page);
  mounts.set(channelId('hook'), hook);
  const clients = new Set<WebSocket | Socket>();

  const harness = {
    server,
    mounts,
    readiness,
    logins: [] as ChannelLogin[],
    page,
    hook,
    logged,
    host: `127.0.0.1:${server.port}`,
    origin: `http://127.0.0.1:${server.port}`,

    ask: (path: string, options?: Ask) => ask(server, path, options),

    /** The cookie of a browser that opened the page, having logged in where it must. */
    async cookie(token?: string): Promise<string> {
      const reply =
        token === undefined
          ? await ask(server, '/channels/page/')
          : await ask(server, '/login', json({ token }, { origin: harness.origin }));
      return cookieOf(reply);
    },

    /** A WebSocket that is open, or rejects with the status it was refused with. */
    async socket(headers: Record<string, string>, path = '/channels/page/ws', options: ClientOptions = {}) {
      const ws = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers, ...options });
      clients.add(ws);
      ws.on('error', () => {});
      const refused = new Promise<never>((_, reject) => {
        ws.on('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
      });
      await Promise.race([once(ws, 'open'), refused]);
      return ws;
    },

    /** A naked connection, for what no HTTP client would send. */
    async raw(text: string): Promise<Socket> {
      const socket = connect(server.port, '127.0.0.1');
      clients.add(socket);
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    },

    async [Symbol.asyncDispose]() {
      for (const client of clients) client instanceof WebSocket ? client.terminate() : client.destroy();
      await server.close();
    },
  };
  return harness;
}

export function ask({ port }: RunningServer, path: string, { method = 'GET', headers, body }: Ask = {}) {
  return new Promise<Reply>((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

export function json(body: unknown, headers: Record<string, string> = {}): Ask {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function cookieOf(reply: Reply): string {
  return reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** A mount that answers with what it was asked, and keeps what it got. */
function recordingMount(audience: ChannelHttp['audience']) {
  const seen: { path: string; body: Buffer; visitor: string }[] = [];
  const sockets: { socket: ChannelSocket; visitor: string }[] = [];
  const mount = {
    audience,
    seen,
    sockets,
    fail: false,
    async fetch(request: Request, from: Visitor): Promise<Response> {
      if (mount.fail) throw new Error('secret detail');
      const url = new URL(request.url);
      seen.push({
        path: url.pathname + url.search,
        body: Buffer.from(await request.arrayBuffer()),
        visitor: from.id,
      });
      return Response.json({ visitor: from.id });
    },
    connected(socket: ChannelSocket, from: Visitor): void {
      if (mount.fail) throw new Error('secret detail');
      sockets.push({ socket, visitor: from.id });
      socket.onMessage((text) => socket.send(`echo ${text}`));
    },
  };
  return mount;
}
