import type { ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type * as Lark from '@larksuiteoapi/node-sdk';
import { z } from 'zod';
import { ChannelError } from '../../src/contract/index.ts';
import { isStaleToken, noAnswer } from './errors.ts';
import type { FeishuOptions } from './index.ts';
import { type Item, item } from './items.ts';

/** What is sent: the type of a message, and its content as a JSON text. */
export interface Content {
  readonly type: 'post' | 'image' | 'file' | 'audio' | 'media';
  readonly content: string;
}

/** The part of Feishu's REST API that we use. Everything rejects with a ChannelError. */
export type Api = ReturnType<typeof createApi>;

type Request = Parameters<Lark.Client['request']>[0];

const messageId = z.object({ data: z.object({ message_id: z.string() }) });
const page = z.object({
  data: z.object({
    items: z.array(item).default([]),
    has_more: z.boolean().default(false),
    page_token: z.string().optional(),
  }),
});

export function createApi(
  lark: typeof Lark,
  options: FeishuOptions,
  http: Lark.HttpInstance,
  logger: Lark.Logger,
) {
  const cache = tokenCache();
  const client = new lark.Client({
    appId: options.app_id,
    appSecret: options.app_secret,
    domain: domainOf(lark, options),
    httpInstance: http,
    cache,
    logger,
  });

  /** A token can end before its time; one that is refused is replaced once. `again`: for what can be sent only once. */
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

  async function history(params: Record<string, string>, signal?: AbortSignal) {
    const url = '/open-apis/im/v1/messages';
    return read(page, await call({ method: 'GET', url, params, ...(signal && { signal }) })).data;
  }

  return {
    /** How mentions name the bot: its open_id. */
    async bot(): Promise<string> {
      const answer = await call({ method: 'GET', url: '/open-apis/bot/v3/info' });
      return read(z.object({ bot: z.object({ open_id: z.string() }) }), answer).bot.open_id;
    },

    async create(chat: string, { type, content }: Content, uuid: string, signal: AbortSignal) {
      const url = '/open-apis/im/v1/messages';
      const params = { receive_id_type: 'chat_id' };
      const data = { receive_id: chat, msg_type: type, content, uuid };
      return read(messageId, await call({ method: 'POST', url, params, data, signal })).data.message_id;
    },

    async reply(
      to: string,
      { type, content }: Content,
      uuid: string,
      inThread: boolean,
      signal: AbortSignal,
    ): Promise<string> {
      const url = `/open-apis/im/v1/messages/${encodeURIComponent(to)}/reply`;
      const data = { msg_type: type, content, uuid, reply_in_thread: inThread };
      return read(messageId, await call({ method: 'POST', url, data, signal })).data.message_id;
    },

    async message(id: string, signal: AbortSignal): Promise<Item | undefined> {
      const url = `/open-apis/im/v1/messages/${encodeURIComponent(id)}`;
      return read(page, await call({ method: 'GET', url, signal })).data.items[0];
    },

    async isDirect(chat: string, signal: AbortSignal): Promise<boolean> {
      const url = `/open-apis/im/v1/chats/${encodeURIComponent(chat)}`;
      const answer = await call({ method: 'GET', url, signal });
      return read(z.object({ data: z.object({ chat_mode: z.string() }) }), answer).data.chat_mode === 'p2p';
    },

    /** What was said in a chat since a time (epoch milliseconds), oldest first; of threads, only what began them. */
    async chatSince(chat: string, since: number): Promise<Item[]> {
      const items: Item[] = [];
      for (let token: string | undefined = ''; token !== undefined; ) {
        const found = await history({
          container_id_type: 'chat',
          container_id: chat,
          start_time: String(Math.floor(since / 1000)),
          sort_type: 'ByCreateTimeAsc',
          page_size: '50',
          ...(token && { page_token: token }),
        });
        items.push(...found.items);
        token = found.has_more ? found.page_token : undefined;
      }
      return items;
    },

    /** The same for a thread, which can only be read backwards. */
    async threadSince(thread: string, since: number): Promise<Item[]> {
      const items: Item[] = [];
      for (let token: string | undefined = ''; token !== undefined; ) {
        const found = await history({ ...backwards(thread, 50), ...(token && { page_token: token }) });
        const recent = found.items.filter((one) => Number(one.create_time) >= since);
        items.push(...recent);
        token = found.has_more && recent.length === found.items.length ? found.page_token : undefined;
      }
      return items.reverse();
    },

    /** Some message of a thread: the latest. */
    async lastOf(thread: string, signal: AbortSignal): Promise<string | undefined> {
      return (await history(backwards(thread, 1), signal)).items[0]?.message_id;
    },

    /** A file that came with a message. */
    async resource(message: string, type: string, key: string, signal: AbortSignal): Promise<Readable> {
      const url = `/open-apis/im/v1/messages/${encodeURIComponent(message)}/resources/${encodeURIComponent(key)}`;
      return (await call({
        method: 'GET',
        url,
        params: { type },
        responseType: 'stream',
        signal,
      })) as Readable;
    },

    /** Puts a file where messages can refer to it by the key that this resolves with. */
    async upload(
      what: 'image' | 'file',
      fields: Record<string, string>,
      file: () => ReadStream,
      signal: AbortSignal,
    ) {
      const url = `/open-apis/im/v1/${what}s`;
      const headers = { 'Content-Type': 'multipart/form-data' };
      const request = (): Request => {
        return { method: 'POST', url, headers, data: { ...fields, [what]: file() }, signal };
      };
      const answer = await call(request(), request);
      const key = z.object({ image_key: z.string() }).or(z.object({ file_key: z.string() }));
      const [value] = Object.values(read(z.object({ data: key }), answer).data);
      return String(value);
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

function backwards(thread: string, size: number): Record<string, string> {
  return {
    container_id_type: 'thread',
    container_id: thread,
    sort_type: 'ByCreateTimeDesc',
    page_size: String(size),
  };
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { data } = schema.safeParse(answer);
  if (data === undefined) throw new ChannelError('unavailable', "Feishu's answer lacks what it should hold");
  return data;
}
