import { createServer } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { createAdmission } from './admission.ts';
import { createApp } from './app.ts';
import { boundHalfOpen } from './half-open.ts';
import { addressFor, listen } from './listen.ts';
import { createLockout } from './lockout.ts';
import { refuseUnsafe, type ServerOptions, type ServerPorts } from './options.ts';
import { createRequestCheck } from './request-check.ts';
import { refused, secured } from './responses.ts';
import { createSockets } from './sockets.ts';
import { createUpgrade } from './upgrade.ts';
import { createVisitorCookie } from './visitor-cookie.ts';

export interface RunningServer {
  readonly port: number;
  /** Where a browser on this machine finds us, e.g. `http://127.0.0.1:18790/`. */
  readonly url: string;
  /** Says goodbye to WebSockets, lets running requests end for a moment, then cuts. Never rejects. */
  close(): Promise<void>;
}

/** A client that takes longer to say what it wants is cut (milliseconds). */
const SLOW_HEADERS_MS = 10_000;
const SLOW_REQUEST_MS = 30_000;
const SILENT_SOCKET_MS = 120_000;
const CHECK_EVERY_MS = 5_000;
const LAST_REQUESTS_MS = 2_000;

/** Opens the gateway's port. Rejects with a StartError when the port cannot be had, or would stand open to strangers. */
export async function startServer(options: ServerOptions, ports: ServerPorts): Promise<RunningServer> {
  refuseUnsafe(options);
  const server = createServer({
    headersTimeout: SLOW_HEADERS_MS,
    requestTimeout: SLOW_REQUEST_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
  });
  server.timeout = SILENT_SOCKET_MS;
  boundHalfOpen(server);
  const port = await listen(server, options);

  const check = createRequestCheck(options);
  const cookie = createVisitorCookie(port, options.token);
  const admission = createAdmission(options.token, cookie, createLockout(Date.now));
  const sockets = createSockets();
  const app = createApp(ports, admission);
  const answer = getRequestListener(
    async (request, env) => {
      const bindings = env as HttpBindings;
      const refusal = check(bindings.incoming);
      return secured(refusal === undefined ? await app.fetch(request, bindings) : refused(refusal));
    },
    { overrideGlobalObjects: false },
  );
  server.on('request', (request, response) => void answer(request, response));
  server.on('upgrade', createUpgrade(ports, { check, admission, sockets }));

  return {
    port,
    url: `http://${addressFor(options.host)}:${port}/`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const impatience = setTimeout(() => server.closeAllConnections(), LAST_REQUESTS_MS);
      await sockets.close();
      server.closeIdleConnections();
      await closed;
      clearTimeout(impatience);
    },
  };
}
