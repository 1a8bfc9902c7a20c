import { BlockList, isIP } from 'node:net';
import {
  type ChannelHttp,
  type ChannelId,
  type ChannelLog,
  type Language,
  StartError,
} from '../contract/index.ts';
import type { ChannelLogin } from '../gateway/index.ts';
import type { MetricsSource } from './metrics.ts';

export interface ServerOptions {
  /** The address to listen on, e.g. `127.0.0.1`. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Who knows it may open the pages. Demanded as soon as other machines can reach the port. */
  readonly token?: string | undefined;
  /** Names, besides `localhost` and plain addresses, under which browsers may ask for us. */
  readonly allowedHosts: readonly string[];
}

/** Who may in: what can change while the server listens. */
export type Entry = Pick<ServerOptions, 'token' | 'allowedHosts'>;

/** What the server shows of the rest of the gateway; a live view that is read anew for each request. */
export interface ServerPorts {
  /** What adapters serve, by channel. */
  readonly mounts: ReadonlyMap<ChannelId, ChannelHttp>;
  readiness(): Readiness;
  /** What a person has to do so that channels can log in. */
  logins(): readonly ChannelLogin[];
  readonly metrics: MetricsSource;
  /** What pages speak in browsers that ask for nothing we know. */
  readonly language: Language;
  readonly log: ChannelLog;
}

/** Told to anyone who asks: `detail` must hold no secret. */
export interface Readiness {
  readonly ready: boolean;
  readonly channels: Readonly<Record<string, { readonly state: string; readonly detail?: string }>>;
  /** What keeps all of them from working. */
  readonly trouble?: string;
}

const MIN_TOKEN_LENGTH = 16;
const MAKE_A_TOKEN = 'Make one with `openssl rand -hex 32` and set it as gateway.token.';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Why strangers could get in: they reach the port without a token, or with one that can be guessed. */
export function unsafety({
  host,
  token,
}: Pick<ServerOptions, 'host' | 'token'>): { message: string; hint: string } | undefined {
  if (token === undefined) {
    if (isLoopback(host)) return undefined;
    return {
      message: `Other machines can reach ${host}, and there is no token to keep strangers out.`,
      hint: `${MAKE_A_TOKEN} Or listen on 127.0.0.1, which only this machine reaches.`,
    };
  }
  if (token.length >= MIN_TOKEN_LENGTH) return undefined;
  const message = `gateway.token is too short: it needs at least ${MIN_TOKEN_LENGTH} characters.`;
  return { message, hint: MAKE_A_TOKEN };
}

/** Throws a StartError for a port that strangers could get in by. */
export function refuseUnsafe(options: ServerOptions): void {
  const found = unsafety(options);
  if (found !== undefined) throw new StartError(found.message, { hint: found.hint });
}

/** A name other than `localhost` counts as reachable: nobody knows where it will point to. */
function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
