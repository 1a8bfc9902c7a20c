import { createServer } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { createAdmission } from './admission.ts';
import { createApp } from './app.ts';
import { boundHalfOpen } from './half-open.ts';
import { addressFor, listen } from './listen.ts';
import { createLockout } from './lockout.ts';
import { type Entry, refuseUnsafe, type ServerOptions, type ServerPorts } from './options.ts';
import { createRequestCheck } from './request-check.ts';
import { refused, secured } from './responses.ts';
import { createSockets } from './sockets.ts';
import { createUpgrade } from './upgrade.ts';
import { createVisitorCookie } from './visitor-cookie.ts';

export interface RunningServer {
  readonly port: number;
  /** Where a browser on this machine finds us, e.g. `http://127.0.0.1:18790/`. */
  readonly url: string;
  /** Lets people in by these rules from now on. With another token all cookies are void, and WebSockets are closed. */
  readmit(entry: Entry): void;
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

  const lockout = createLockout(Date.now);
  const admit = (token: string | undefined) =>
    createAdmission(token, createVisitorCookie(port, token), lockout);
  const house = {
    check: createRequestCheck(options),
    admission: admit(options.token),
    sockets: createSockets(),
  };
  let { token } = options;
  const app = createApp(ports, house);
  const answer = getRequestListener(
    async (request, env) => {
      const bindings = env as HttpBindings;
      const refusal = house.check(bindings.incoming);
      return secured(refusal === undefined ? await app.fetch(request, bindings) : refused(refusal));
    },
    { overrideGlobalObjects: false },
  );
  server.on('request', (request, response) => void answer(request, response));
  server.on('upgrade', createUpgrade(ports, house));

  return {
    port,
    url: `http://${addressFor(options.host)}:${port}/`,
    readmit(entry) {
      house.check = createRequestCheck({ host: options.host, allowedHosts: entry.allowedHosts });
      if (entry.token === token) return;
      token = entry.token;
      house.admission = admit(token);
      house.sockets.dismiss();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const impatience = setTimeout(() => server.closeAllConnections(), LAST_REQUESTS_MS);
      await house.sockets.close();
      server.closeIdleConnections();
      await closed;
      clearTimeout(impatience);
    },
  };
}
