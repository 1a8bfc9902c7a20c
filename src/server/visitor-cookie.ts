import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Visitor } from '../contract/index.ts';

/**
 * The cookie that tells one browser from another: a random secret, and, where the gateway has a token, the proof
 * that this browser has shown it: `<secret>.<HMAC-SHA256(token, secret)>`. Another token makes every proof void.
 */
export interface VisitorCookie {
  readonly name: string;
  /** What the browser sent, if it sent our cookie. */
  read(cookieHeader: string | undefined): string | undefined;
  /** The secret in a value whose proof holds. */
  verify(value: string): string | undefined;
  /** The secret in a value, its proof unseen; enough to recognise a browser that has just shown the token. */
  secretOf(value: string): string | undefined;
  /** A `Set-Cookie` header for this secret. */
  set(secret: string): string;
}

const SECRET_BYTES = 32;
const SECRET = /^[\w-]{43}$/;
const ONE_YEAR_S = 365 * 24 * 3600;

/** Cookies do not tell ports apart, so the name does: two gateways on one machine do not take each other's. */
export function createVisitorCookie(port: number, token: string | undefined): VisitorCookie {
  const name = `openclaw_visitor_${port}`;
  const sign = (secret: string) =>
    token === undefined
      ? secret
      : `${secret}.${createHmac('sha256', token).update(secret).digest('base64url')}`;
  const secretOf = (value: string) => {
    const secret = value.split('.', 1)[0] ?? '';
    return SECRET.test(secret) ? secret : undefined;
  };
  return {
    name,
    read(header) {
      const pair = header?.split(/; */).find((part) => part.startsWith(`${name}=`));
      return pair?.slice(name.length + 1);
    },
    verify(value) {
      const secret = secretOf(value);
      return secret !== undefined && sameText(value, sign(secret)) ? secret : undefined;
    },
    secretOf,
    set: (secret) => `${name}=${sign(secret)}; Max-Age=${ONE_YEAR_S}; Path=/; HttpOnly; SameSite=Lax`,
  };
}

export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** The visitor that a secret stands for. One-way, so that the id may be logged and stored. */
export function visitorOf(secret: string): Visitor {
  return { id: `web-${createHash('sha256').update(secret).digest('base64url').slice(0, 16)}` };
}

/** Compares in a time that tells nothing about where, or in what length, two texts differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
