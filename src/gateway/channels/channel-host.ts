import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AdapterHost,
  Attachment,
  ChannelCapabilities,
  ChannelHttp,
  ChannelId,
  ChannelLog,
  ChatId,
  ChatLine,
  InboundBatch,
  Language,
  LineFile,
  Sender,
} from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { EventBus } from '../events.ts';
import { asButtons } from '../inbound/choices.ts';

/** What the parts of the gateway do for an adapter. */
export interface HostParts {
  readonly channel: ChannelId;
  readonly capabilities: ChannelCapabilities;
  readonly store: Store;
  readonly events: EventBus;
  readonly mounts: Map<ChannelId, ChannelHttp>;
  readonly receive: (batch: InboundBatch) => Promise<void>;
  readonly stopTurn: (chat: ChatId) => void;
  readonly languageOf: (sender: Sender) => Language;
  readonly languageIn: (chat: ChatId) => Language;
}

/** The AdapterHost of one connection of a channel; `signal` ends it, and what it served. */
export function channelHost(
  parts: HostParts,
  signal: AbortSignal,
  onStateChange: AdapterHost['onStateChange'],
): AdapterHost {
  const { channel, store, events, mounts } = parts;
  return {
    channel,
    signal,
    onStateChange,
    log: channelLog(channel, events),
    receive: parts.receive,
    onStop: (chat) => parts.stopTurn(chat),
    languageOf: parts.languageOf,
    languageIn: parts.languageIn,
    cursor: () => store.cursors.get(channel),
    history: async (chat, limit) => chatLines(parts, chat, limit),
    dataDir() {
      const folder = join(store.folder, 'channels', channel);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    serve(http) {
      mounts.set(channel, http);
      signal.addEventListener('abort', () => mounts.delete(channel), { once: true });
    },
  };
}

function channelLog(channel: ChannelId, events: EventBus): ChannelLog {
  const at = (level: 'debug' | 'info' | 'warn') => (message: string, fields?: Record<string, unknown>) =>
    events.emit('channel.log', { channel, level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn') };
}

/** What was said in a chat, both ways, in the order in which it was said. */
function chatLines(parts: HostParts, chat: ChatId, limit: number): ChatLine[] {
  const { store, channel } = parts;
  const ref = store.chats.find(channel, chat);
  if (ref === undefined) return [];
  const asked = store.inbox.linesOf(ref, limit).map(
    ({ dedupeKey, text, at, attachments }): ChatLine => ({
      from: 'person',
      id: dedupeKey,
      text,
      at,
      ...(attachments.length > 0 && { files: attachments.map(described) }),
    }),
  );
  const answered = store.outbox.linesOf(ref, limit).map(
    ({ id, turn, text, at, files, choices }): ChatLine => ({
      from: 'agent',
      id,
      text,
      at,
      turn,
      ...(files.length > 0 && { files }),
      ...(asButtons(choices, parts.capabilities) && { choices }),
    }),
  );
  return [...asked.reverse(), ...answered.reverse()].sort((a, b) => a.at - b.at).slice(-limit);
}

function described({ kind, name, mime, bytes }: Attachment): LineFile {
  return {
    kind,
    ...(name !== undefined && { name }),
    ...(mime !== undefined && { mime }),
    ...(bytes !== undefined && { bytes }),
  };
}
