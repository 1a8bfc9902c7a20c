import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Refusal } from './refusal.ts';

export type RequestCheck = (request: IncomingMessage) => Refusal | undefined;

const HARMLESS = new Set(['GET', 'HEAD']);

/**
 * Keeps other web sites away from a server that browsers on this machine can reach.
 * Host: a name that is not ours means that a stranger's name was pointed at our address (DNS rebinding).
 * Origin: whatever could change something, or opens a WebSocket, must come from our own page.
 * What a proxy claims (`X-Forwarded-*`) is not looked at: anybody can send it.
 */
export function createRequestCheck(options: { host: string; allowedHosts: readonly string[] }): RequestCheck {
  const names = new Set(
    ['localhost', options.host, ...options.allowedHosts].map((name) => name.toLowerCase()),
  );

  return (request) => {
    if (!request.url?.startsWith('/')) return new Refusal(400, 'the request target must be a path');
    const [host, ...more] = request.headersDistinct.host ?? [];
    const own = more.length === 0 ? parseHost(host) : undefined;
    if (own === undefined || !(isAddress(own.hostname) || names.has(own.hostname))) {
      return new Refusal(403, 'this host name is not allowed here (gateway.allowed_hosts)');
    }
    const changes = !HARMLESS.has(request.method ?? '') || request.headers.upgrade !== undefined;
    if (changes && !fromOwnPage(request, own.host)) {
      return new Refusal(403, 'requests from other sites are refused');
    }
    return undefined;
  };
}

/** A browser always tells the origin of such a request; other clients send none, and no cookie either. */
function fromOwnPage(request: IncomingMessage, host: string): boolean {
  const origin = request.headers.origin;
  if (origin === undefined) return request.headers.cookie === undefined;
  // Either scheme: behind a proxy that ends TLS the page is https, while we only ever see http.
  const scheme = /^https?:\/\//.exec(origin)?.[0];
  return scheme !== undefined && parseHost(origin.slice(scheme.length))?.host === host;
}

/** Only what a host may consist of: no user name, path or query in front of or behind it. */
function parseHost(text: string | undefined): URL | undefined {
  if (text === undefined || !/^[\w.:[\]-]+$/.test(text)) return undefined;
  return URL.parse(`http://${text}`) ?? undefined;
}

function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
