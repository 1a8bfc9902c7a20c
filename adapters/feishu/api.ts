import type { ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { ChannelError } from '../../src/contract/index.ts';
import type { Client, Request } from './client.ts';
import { type Item, item } from './items.ts';

/** What is sent: the type of a message, and its content as a JSON text. */
export interface Content {
  readonly type: 'post' | 'interactive' | 'file' | 'audio' | 'media';
  readonly content: string;
}

/** What stands in the chat: of a message that was sent before under the same `uuid`, what it is. */
export interface Sent {
  readonly id: string;
  readonly type: string;
}

/** The part of Feishu's REST API that is about messages. Everything rejects with a ChannelError. */
export type Api = ReturnType<typeof createApi>;

const MESSAGES = '/open-apis/im/v1/messages';

const sent = z
  .object({ message_id: z.string(), msg_type: z.string().default('') })
  .transform(({ message_id, msg_type }): Sent => ({ id: message_id, type: msg_type }));
const page = z.object({
  items: z.array(item).default([]),
  has_more: z.boolean().default(false),
  page_token: z.string().optional(),
});
/** https://open.feishu.cn/document: server-docs/contact-v3/user/get. */
const colleague = z.object({
  user: z.object({
    email: z.string().optional(),
    status: z
      .object({
        is_activated: z.boolean().default(false),
        is_frozen: z.boolean().default(false),
        is_resigned: z.boolean().default(false),
      })
      .default({ is_activated: false, is_frozen: false, is_resigned: false }),
  }),
});
const key = z.object({ image_key: z.string() }).or(z.object({ file_key: z.string() }));

export function createApi({ call, ask }: Client) {
  const history = (params: Record<string, string>, signal?: AbortSignal) =>
    ask(page, { method: 'GET', url: MESSAGES, params, ...(signal && { signal }) });

  return {
    /** How mentions name the bot: its open_id. */
    async bot(): Promise<string> {
      const info = z.object({ bot: z.object({ open_id: z.string() }) });
      const { data } = info.safeParse(await call({ method: 'GET', url: '/open-apis/bot/v3/info' }));
      if (data === undefined) throw new ChannelError('unavailable', 'Feishu does not say who the bot is');
      return data.bot.open_id;
    },

    create(chat: string, { type, content }: Content, uuid: string, signal: AbortSignal): Promise<Sent> {
      const params = { receive_id_type: 'chat_id' };
      const data = { receive_id: chat, msg_type: type, content, uuid };
      return ask(sent, { method: 'POST', url: MESSAGES, params, data, signal });
    },

    reply(
      to: string,
      { type, content }: Content,
      uuid: string,
      inThread: boolean,
      signal: AbortSignal,
    ): Promise<Sent> {
      const data = { msg_type: type, content, uuid, reply_in_thread: inThread };
      return ask(sent, { method: 'POST', url: `${pathOf(to)}/reply`, data, signal });
    },

    /** Gives a message that is a card another card. */
    async replaceCard(message: string, card: string, signal: AbortSignal): Promise<void> {
      await call({ method: 'PATCH', url: pathOf(message), data: { content: card }, signal });
    },

    async message(id: string, signal: AbortSignal): Promise<Item | undefined> {
      return (await ask(page, { method: 'GET', url: pathOf(id), signal })).items[0];
    },

    /** Resolves with what `unreact` needs. */
    async react(message: string, emoji_type: string, signal?: AbortSignal): Promise<string> {
      const url = `${pathOf(message)}/reactions`;
      const data = { reaction_type: { emoji_type } };
      const request = { method: 'POST', url, data, ...(signal && { signal }) } as const;
      return (await ask(z.object({ reaction_id: z.string() }), request)).reaction_id;
    },

    async unreact(message: string, reaction: string): Promise<void> {
      const url = `${pathOf(message)}/reactions/${encodeURIComponent(reaction)}`;
      await call({ method: 'DELETE', url });
    },

    /** The address by which somebody's organisation knows them, if they work there and use the app. */
    async emailOf(person: string, signal: AbortSignal): Promise<string | undefined> {
      const url = `/open-apis/contact/v3/users/${encodeURIComponent(person)}`;
      const params = { user_id_type: 'open_id' };
      const { user } = await ask(colleague, { method: 'GET', url, params, signal });
      return user.status.is_activated && !user.status.is_frozen && !user.status.is_resigned
        ? user.email
        : undefined;
    },

    async isDirect(chat: string, signal: AbortSignal): Promise<boolean> {
      const url = `/open-apis/im/v1/chats/${encodeURIComponent(chat)}`;
      const { chat_mode } = await ask(z.object({ chat_mode: z.string() }), { method: 'GET', url, signal });
      return chat_mode === 'p2p';
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
      const url = `${pathOf(message)}/resources/${encodeURIComponent(key)}`;
      const request = { method: 'GET', url, params: { type }, responseType: 'stream', signal } as const;
      return (await call(request)) as Readable;
    },

    /** Puts a file where messages can refer to it by the key that this resolves with. */
    async upload(
      what: 'image' | 'file',
      fields: Record<string, string>,
      file: () => ReadStream,
      signal: AbortSignal,
    ): Promise<string> {
      const url = `/open-apis/im/v1/${what}s`;
      const headers = { 'Content-Type': 'multipart/form-data' };
      const request = (): Request => {
        return { method: 'POST', url, headers, data: { ...fields, [what]: file() }, signal };
      };
      const [value] = Object.values(await ask(key, request(), request));
      return String(value);
    },
  };
}

function pathOf(message: string): string {
  return `${MESSAGES}/${encodeURIComponent(message)}`;
}

function backwards(thread: string, size: number): Record<string, string> {
  return {
    container_id_type: 'thread',
    container_id: thread,
    sort_type: 'ByCreateTimeDesc',
    page_size: String(size),
  };
}
