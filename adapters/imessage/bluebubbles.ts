import { z } from 'zod';
import { unlessRejected, within } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';
import { BLUEBUBBLES, fromAnswer } from './errors.ts';
import type { IMessageOptions } from './index.ts';

/** How long to wait for the server, in milliseconds. */
export interface Patience {
  readonly queryMs: number;
  /** Below the minute that the gateway gives a send. */
  readonly sendMs: number;
  /** For a received file, whole. */
  readonly downloadMs: number;
}

export const PATIENCE: Patience = { queryMs: 20_000, sendMs: 58_000, downloadMs: 300_000 };

export interface ServerInfo {
  /** Whether typing, replies and tapbacks can be sent, which takes code that runs inside of Messages. */
  readonly privateApi: boolean;
  /** The phone number or e-mail address that the Mac's Messages is signed in with. */
  readonly ourAddress: string | undefined;
  /** Since macOS 13, messages can be edited and taken back. */
  readonly edits: boolean;
}

export interface Query {
  readonly where: readonly { statement: string; args: Readonly<Record<string, number>> }[];
  readonly sort: 'ASC' | 'DESC';
  readonly limit: number;
  /** Only messages that were written at this time (epoch milliseconds) or later. */
  readonly after?: number;
}

/** The REST interface of a BlueBubbles server. All of it rejects with ChannelErrors, and retries nothing. */
export interface BlueBubbles {
  info(signal: AbortSignal): Promise<ServerInfo>;
  /** Messages ordered by date, and how many there are without the limit. */
  query(query: Query, signal: AbortSignal): Promise<{ messages: readonly unknown[]; total: number }>;
  /** One message; `undefined` when there is none with this id. */
  message(guid: string, signal: AbortSignal): Promise<unknown>;
  /** Sends, and returns the message as it is in Messages then. */
  send(
    path: 'text' | 'attachment' | 'react',
    content: Record<string, string> | FormData,
    signal: AbortSignal,
  ): Promise<unknown>;
  /** By which services somebody has written from an address: `iMessage`, `SMS`. */
  servicesOf(address: string, signal: AbortSignal): Promise<readonly string[]>;
  showTyping(chatGuid: string, signal: AbortSignal): Promise<void>;
  attachment(guid: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

const infoAnswer = z.object({
  data: z.object({
    os_version: z.string().nullish(),
    private_api: z.boolean().nullish(),
    helper_connected: z.boolean().nullish(),
    detected_imessage: z.string().nullish(),
  }),
});
const queryAnswer = z.object({ data: z.array(z.unknown()), metadata: z.object({ total: z.int() }) });

const handlesAnswer = z.object({
  data: z.array(z.object({ address: z.string(), service: z.string().nullish() })),
});

export function connectTo({ server_url, password }: IMessageOptions, patience: Patience): BlueBubbles {
  const root = `${server_url.replace(/\/+$/, '')}/api/v1`;
  const secret = `password=${encodeURIComponent(password)}`;

  async function ask(path: string, signal: AbortSignal, init: RequestInit = {}): Promise<Response> {
    const response = await BLUEBUBBLES.fetch(`${root}/${path}?${secret}`, { ...init, signal });
    if (response.status === 200) return response;
    const body = await BLUEBUBBLES.json(response).catch(() => undefined);
    throw fromAnswer(response.status, body);
  }

  async function call(path: string, ms: number, signal: AbortSignal, init?: RequestInit): Promise<unknown> {
    return BLUEBUBBLES.json(await ask(path, within(ms, signal), init));
  }

  return {
    async info(signal) {
      const answer = await call('server/info', patience.queryMs, signal);
      const { os_version, private_api, helper_connected, detected_imessage } = read(infoAnswer, answer).data;
      return {
        privateApi: private_api === true && helper_connected === true,
        ourAddress: detected_imessage || undefined,
        edits: Number.parseInt(os_version ?? '', 10) >= 13,
      };
    },

    async query(query, signal) {
      const wanted = { ...query, with: ['chats', 'attachments', 'attributedBody'] };
      const answer = await call('message/query', patience.queryMs, signal, json(wanted));
      const { data, metadata } = read(queryAnswer, answer);
      return { messages: data, total: metadata.total };
    },

    async message(guid, signal) {
      const asked = call(`message/${encodeURIComponent(guid)}`, patience.queryMs, signal);
      return Object(await unlessRejected(asked)).data;
    },

    async send(path, content, signal) {
      const init = content instanceof FormData ? { method: 'POST', body: content } : json(content);
      const answer = await call(`message/${path}`, patience.sendMs, signal, init);
      return Object(answer).data;
    },

    async servicesOf(address, signal) {
      const answer = await call('handle/query', patience.queryMs, signal, json({ address }));
      const handles = read(handlesAnswer, answer).data.filter((handle) => handle.address === address);
      return handles.flatMap(({ service }) => service ?? []);
    },

    async showTyping(chatGuid, signal) {
      await call(`chat/${encodeURIComponent(chatGuid)}/typing`, patience.queryMs, signal, { method: 'POST' });
    },

    async attachment(guid, signal) {
      const path = `attachment/${encodeURIComponent(guid)}/download`;
      return BLUEBUBBLES.bytes(await ask(path, within(patience.downloadMs, signal)));
    },
  };
}

function json(content: object): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
  };
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ChannelError('unavailable', 'the BlueBubbles server gave an answer that cannot be read');
}
