import { z } from 'zod';
import { ChannelError } from '../../src/contract/index.ts';
import { isStaleToken, noAnswer } from './errors.ts';
import type { FeishuOptions } from './index.ts';
import type * as Lark from './lark.ts';

export type Request = Parameters<Lark.Client['request']>[0];

/** Asks Feishu, and reads from its answer what `schema` says. Rejects with a ChannelError. */
export interface Client {
  /** `again`: for what can be sent only once. */
  call(request: Request, again?: () => Request): Promise<unknown>;
  ask<T>(schema: z.ZodType<T>, request: Request, again?: () => Request): Promise<T>;
}

/** The SDK's log lines hold whole requests, with message texts and secrets. What matters in them we see as errors. */
export const SILENT: Lark.Logger = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

export function createClient(
  lark: typeof Lark,
  options: FeishuOptions,
  http: Lark.HttpInstance,
  logger: Lark.Logger,
): Client {
  const cache = tokenCache();
  const client = new lark.Client({
    appId: options.app_id,
    appSecret: options.app_secret,
    domain: domainOf(lark, options),
    httpInstance: http,
    cache,
    logger,
  });

  /** A token can end before its time; one that is refused is replaced once. */
  async function call(request: Request, again = () => request): Promise<unknown> {
    try {
      return await client.request(request).catch((error: unknown) => {
        if (!isStaleToken(error)) throw error;
        cache.clear();
        return client.request(again());
      });
    } catch (error) {
      throw noAnswer(error);
    }
  }

  return {
    call,
    async ask<T>(schema: z.ZodType<T>, request: Request, again?: () => Request): Promise<T> {
      const { data } = z.object({ data: schema }).safeParse(await call(request, again));
      if (data === undefined)
        throw new ChannelError('unavailable', "Feishu's answer lacks what it should hold");
      return data.data;
    },
  };
}

export function domainOf(lark: typeof Lark, { domain }: FeishuOptions): Lark.Domain | string {
  if (domain === 'feishu') return lark.Domain.Feishu;
  return domain === 'lark' ? lark.Domain.Lark : domain.replace(/\/+$/, '');
}

/** The SDK keeps one thing in it: the access token. */
function tokenCache(): Lark.Cache & { clear(): void } {
  let token: { value: unknown; expires: number } | undefined;
  return {
    async get() {
      return token !== undefined && token.expires > Date.now() ? token.value : undefined;
    },
    async set(_key, value: unknown, expires = 0) {
      token = { value, expires };
      return true;
    },
    clear() {
      token = undefined;
    },
  };
}
