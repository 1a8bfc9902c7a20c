import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** What others take the time to be, by the answers that somebody else asked for: no request is made for it. */
export interface FarClocks {
  /** How far this machine's clock is ahead of theirs, in milliseconds; `undefined` when nobody has told the time. */
  ahead(): number | undefined;
  stop(): void;
}

interface Told {
  readonly host: string;
  readonly ahead: number;
}

/** The names under which Node's two HTTP clients tell of answers: `node:http` itself, and undici, which is behind `fetch`. */
const OF_HTTP = 'http.client.response.finish';
const OF_FETCH = 'undici:request:headers';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);

/** Hears the `Date` of every HTTP answer that comes to this process, until `stop`. */
export function hearFarClocks(): FarClocks {
  const told: Told[] = [];
  const hear = (host: string, date: string | undefined): void => {
    const then = Date.parse(date ?? '');
    if (!Number.isNaN(then)) told.push({ host, ahead: Date.now() - then });
  };
  const onHttp = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    hear(request.host, response.headers.date);
  };
  const onFetch = (message: unknown): void => {
    const { request, response } = message as {
      request: { origin: string | URL };
      response: { headers: readonly Buffer[] };
    };
    hear(new URL(request.origin).hostname, dateIn(response.headers));
  };
  diagnostics.subscribe(OF_HTTP, onHttp);
  diagnostics.subscribe(OF_FETCH, onFetch);
  return {
    ahead() {
      // A server on this machine has our clock: it counts only where there is nobody else.
      const far = told.filter(({ host }) => !isOfThisMachine(host));
      const sorted = (far.length > 0 ? far : told).map(({ ahead }) => ahead).toSorted((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)];
    },
    stop() {
      diagnostics.unsubscribe(OF_HTTP, onHttp);
      diagnostics.unsubscribe(OF_FETCH, onFetch);
    },
  };
}

/** Names and values by turns, as they came. */
function dateIn(headers: readonly Buffer[]): string | undefined {
  const at = headers.findIndex((name, index) => index % 2 === 0 && /^date$/i.test(name.toString()));
  return at === -1 ? undefined : headers[at + 1]?.toString();
}

function isOfThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && loopback.check(host));
}
