import { EventEmitter, once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { webchat } from '../../../adapters/webchat/index.ts';
import {
  type AdapterHost,
  type Attachment,
  type ChannelHttp,
  type ChannelId,
  type ChatId,
  type ChatLine,
  channelId,
  type InboundBatch,
  type InboundMessage,
  type OutboundId,
  type OutboundMessage,
  platformMessageId,
  type TurnId,
} from '../../../src/contract/index.ts';
import { startServer } from '../../../src/server/index.ts';
import { languageOfTag } from '../../../src/texts/index.ts';
import { emptyFolder } from '../../kit/folder.ts';

/** What an answer has beside its text. */
export type Extras = Pick<OutboundMessage, 'files' | 'choices'>;

/** The real adapter behind the real server, and in place of the gateway a hub that keeps everything in memory. */
export async function bootHub({ token, ...options }: { title?: string; token?: string } = {}) {
  const adapter = await webchat.create(webchat.options.parse(options));
  const news = new EventEmitter().setMaxListeners(0);
  const lines = new Map<ChatId, ChatLine[]>();
  const turns = new Map<TurnId, AbortController>();
  const mounts = new Map<ChannelId, ChannelHttp>();
  const stopping = new AbortController();
  const folder = emptyFolder();
  const silent = () => {};
  let answers = 0;

  const linesOf = (chat: ChatId): ChatLine[] => {
    const known = lines.get(chat) ?? [];
    lines.set(chat, known);
    return known;
  };

  const hub = {
    adapter,
    /** Every message that was stored, once. */
    stored: [] as InboundMessage[],
    /** Every message that was offered, also again. */
    offered: [] as InboundMessage[],
    stops: [] as ChatId[],
    /** While set, nothing can be stored. */
    broken: false,
    linesOf,

    /** Resolves with the message as soon as one with this text is stored. */
    async message(text: string): Promise<InboundMessage> {
      return hub.until(() => hub.stored.find((message) => message.text === text));
    },

    async until<T>(look: () => T | undefined): Promise<T> {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        await once(news, 'change');
      }
    },

    /** Begins a turn; the page shows it as running until `end`. */
    begin(chat: ChatId) {
      const turn = `turn${++answers}` as TurnId;
      const running = new AbortController();
      turns.set(turn, running);
      adapter.startTyping?.(chat, turn, running.signal, platformMessageId('the question'));
      const { id: first, chat: whole } = outbound(chat, turn, '');
      return {
        turn,
        stream: (text: string) => adapter.stream?.({ chat: whole, turn, first, text }, running.signal),
        end: () => running.abort(),
        /** Commits the answer, ends the turn, and delivers, as the gateway does. */
        async answer(text: string, extras: Extras = {}) {
          linesOf(chat).push({ from: 'agent', id: first, text, at: Date.now(), turn, ...extras });
          running.abort();
          await adapter.send({ ...outbound(chat, turn, text), ...extras }, stopping.signal);
        },
      };
    },

    answer: (chat: ChatId, text: string, extras?: Extras) => hub.begin(chat).answer(text, extras),

    react: (message: InboundMessage, emoji: string) =>
      adapter.react?.(message.chat, message.platformId, emoji, stopping.signal),

    async contentOf(attachment: Attachment): Promise<Buffer> {
      if (adapter.download === undefined) throw new Error('it fetches nothing');
      return buffer(await adapter.download(attachment, stopping.signal));
    },

    /** Where the channel keeps its files. */
    folder: folder.path,

    start: () => adapter.start(host),
    async restart() {
      await adapter.stop();
      await adapter.start(host);
    },

    async [Symbol.asyncDispose]() {
      stopping.abort();
      await adapter.stop();
      await server.close();
      folder[Symbol.dispose]();
    },
  };

  const host: AdapterHost = {
    channel: channelId('webchat'),
    dataDir: () => folder.path,
    signal: stopping.signal,
    log: { debug: silent, info: silent, warn: silent },
    async receive({ messages }: InboundBatch) {
      hub.offered.push(...messages);
      if (hub.broken) {
        news.emit('change');
        throw new Error('disk full');
      }
      for (const message of messages) {
        if (hub.stored.some(({ dedupeKey }) => dedupeKey === message.dedupeKey)) continue;
        hub.stored.push(message);
        const { dedupeKey: id, text, sentAt: at, attachments: files } = message;
        linesOf(message.chat.id).push({ from: 'person', id, text, at, ...(files && { files }) });
      }
      news.emit('change');
    },
    cursor: () => undefined,
    languageOf: ({ language }) => languageOfTag(language ?? '') ?? 'en',
    languageIn: () => 'en',
    onStateChange: silent,
    onStop(chat) {
      hub.stops.push(chat);
      for (const turn of turns.values()) turn.abort();
      news.emit('change');
    },
    history: async (chat, limit) => linesOf(chat).slice(-limit),
    serve: (http) => void mounts.set(host.channel, http),
  };

  const server = await startServer(
    { host: '127.0.0.1', port: 0, token, allowedHosts: [] },
    {
      mounts,
      language: 'en',
      log: host.log,
      readiness: () => ({ ready: true, channels: {} }),
      logins: () => [],
      metrics: { contentType: '', text: async () => '' },
    },
  );
  await adapter.start(host);
  return Object.assign(hub, { url: `${server.url}channels/webchat/`, origin: server.url.slice(0, -1) });
}

export type Hub = Awaited<ReturnType<typeof bootHub>>;

export function outbound(chat: ChatId, turn: TurnId, text: string): OutboundMessage {
  return {
    id: `${turn}-0` as OutboundId,
    chat: { id: chat, kind: 'direct' },
    body: { text },
    turn,
    possiblyRepeated: false,
  };
}
