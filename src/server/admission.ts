import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Visitor } from '../contract/index.ts';
import type { Lockout } from './lockout.ts';
import { Refusal } from './refusal.ts';
import { newSecret, sameText, type VisitorCookie, visitorOf } from './visitor-cookie.ts';

/** Decides who is let in to the pages of visitors: by cookie, or by the token itself in an `Authorization` header. */
export interface Admission {
  readonly needsToken: boolean;
  /** Who sent this request, or why nobody may know. A credential in any other place (URL, Referer) is none. */
  recognise(request: IncomingMessage): Guest | Refusal;
  /** A browser that we have not seen before; only for gateways without a token. */
  newcomer(): Guest;
  /** Exchanges the token for a cookie. */
  login(token: string, request: IncomingMessage): Guest | Refusal;
}

export interface Guest {
  readonly visitor: Visitor;
  /** The `Set-Cookie` header that makes the browser known for another year; absent for those who sent the token. */
  readonly setCookie?: string;
}

const STRANGER = new Refusal(401, 'the access token is missing or wrong');
const REMEMBERED = 1_000;

export function createAdmission(
  token: string | undefined,
  cookie: VisitorCookie,
  lockout: Lockout,
): Admission {
  // A forged cookie is a guess at the token, too. So during a lockout only cookies that were good before are good;
  // and one wrong cookie counts once, lest the open tabs of a person with an outdated one lock that person out.
  const good = new LRUCache<string, true>({ max: REMEMBERED });
  const bad = new LRUCache<string, true>({ max: REMEMBERED });

  const guest = (secret: string): Guest => ({ visitor: visitorOf(secret), setCookie: cookie.set(secret) });

  /** Runs a comparison unless there were too many wrong ones. */
  function attempt<T>(peer: string, compare: () => T | Refusal): T | Refusal {
    const retryAfterMs = lockout.lockedForMs(peer);
    return retryAfterMs > 0
      ? new Refusal(429, 'too many wrong tries; wait a while', retryAfterMs)
      : compare();
  }

  function byToken(given: string, peer: string, admitted: () => Guest): Guest | Refusal {
    return attempt(peer, () => {
      if (token !== undefined && sameText(given, token)) return admitted();
      lockout.failed(peer);
      return STRANGER;
    });
  }

  function byCookie(value: string, peer: string): Guest | Refusal {
    const key = createHash('sha256').update(value).digest('base64url');
    const secret = cookie.secretOf(value);
    if (secret !== undefined && good.has(key)) return guest(secret);
    if (bad.has(key)) return STRANGER;
    return attempt(peer, () => {
      const verified = cookie.verify(value);
      if (verified === undefined) {
        bad.set(key, true);
        lockout.failed(peer);
        return STRANGER;
      }
      good.set(key, true);
      return guest(verified);
    });
  }

  return {
    needsToken: token !== undefined,
    recognise(request) {
      const peer = peerOf(request);
      const { authorization } = request.headers;
      if (token !== undefined && authorization !== undefined) {
        const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
        return byToken(given, peer, () => ({ visitor: visitorOf(`bearer ${token}`) }));
      }
      const value = cookie.read(request.headers.cookie);
      return value === undefined ? STRANGER : byCookie(value, peer);
    },
    newcomer: () => guest(newSecret()),
    login(given, request) {
      // A browser whose proof is void keeps its secret, and with it its conversation.
      const known = cookie.secretOf(cookie.read(request.headers.cookie) ?? '');
      return byToken(given, peerOf(request), () => guest(known ?? newSecret()));
    },
  };
}

function peerOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}
