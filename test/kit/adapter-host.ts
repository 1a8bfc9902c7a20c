import { EventEmitter, once } from 'node:events';
import {
  type AdapterHost,
  type ChannelHttp,
  type ChannelStateChange,
  type ChatId,
  type ChatLine,
  channelId,
  type InboundBatch,
  type InboundMessage,
  type Language,
  type Sender,
  type SenderId,
  type UnreadableEvent,
} from '../../src/contract/index.ts';
import { languageOfTag } from '../../src/texts/index.ts';
import { emptyFolder } from './folder.ts';

/** What the gateway's database would hold; shared by the hosts before and after a restart. */
interface Stored {
  readonly messages: InboundMessage[];
  readonly unreadable: UnreadableEvent[];
  cursor: string | undefined;
}

/** The gateway, as an adapter sees it: in memory, watched, and able to fail. */
export class TestHost implements AdapterHost, Disposable {
  readonly channel = channelId('test');
  readonly #stored: Stored;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #stop = new AbortController();
  #folder: ReturnType<typeof emptyFolder> | undefined;
  #gate: Promise<void> = Promise.resolve();
  #rejections = 0;

  /** How often the adapter called `receive`. */
  offers = 0;
  readonly states: ChannelStateChange[] = [];
  readonly stopsAsked: { chat: ChatId; sender: SenderId }[] = [];
  /** What `history` tells. */
  lines: ChatLine[] = [];
  served: ChannelHttp | undefined;
  /** What is spoken in every chat, and with those whose app tells nothing. */
  language: Language = 'en';

  constructor(stored: Stored = { messages: [], unreadable: [], cursor: undefined }) {
    this.#stored = stored;
  }

  /** The messages on disk, each once. */
  get messages(): readonly InboundMessage[] {
    return this.#stored.messages;
  }

  get unreadable(): readonly UnreadableEvent[] {
    return this.#stored.unreadable;
  }

  languageOf({ language }: Sender): Language {
    return languageOfTag(language ?? '') ?? this.language;
  }

  languageIn(): Language {
    return this.language;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  readonly log = { debug() {}, info() {}, warn() {} };

  /** The next `times` offers are not stored. */
  rejectNext(times = 1): void {
    this.#rejections += times;
  }

  /** Every offer waits until the returned function is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  /** The gateway stops; what waits for the disk is not stored. */
  stop(): void {
    this.#stop.abort(new Error('stopping'));
  }

  /** The same gateway after a restart: what was on disk still is. */
  restarted(): TestHost {
    this.stop();
    const next = new TestHost(this.#stored);
    next.#folder = this.#folder;
    this.#folder = undefined;
    return next;
  }

  /** Resolves as soon as `reached` is true. */
  async until(reached: () => boolean, what: string, timeoutMs = 20_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!reached()) {
      try {
        await once(this.#changes, 'change', { signal: deadline });
      } catch {
        throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
      }
    }
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#folder?.[Symbol.dispose]();
  }

  dataDir(): string {
    this.#folder ??= emptyFolder();
    return this.#folder.path;
  }

  async receive(batch: InboundBatch): Promise<void> {
    this.offers += 1;
    this.#changed();
    await Promise.race([this.#gate, stopped(this.signal)]);
    this.signal.throwIfAborted();
    if (this.#rejections > 0) {
      this.#rejections -= 1;
      throw new Error('the disk is full');
    }
    for (const message of batch.messages) {
      const isNew = !this.#stored.messages.some(({ dedupeKey }) => dedupeKey === message.dedupeKey);
      if (isNew) this.#stored.messages.push(message);
    }
    this.#stored.unreadable.push(...(batch.unreadable ?? []));
    this.#stored.cursor = batch.cursor ?? this.#stored.cursor;
    this.#changed();
  }

  cursor(): string | undefined {
    return this.#stored.cursor;
  }

  onStateChange(change: ChannelStateChange): void {
    this.states.push(change);
    this.#changed();
  }

  onStop(chat: ChatId, sender: SenderId): void {
    this.stopsAsked.push({ chat, sender });
    this.#changed();
  }

  async history(_chat: ChatId, limit: number): Promise<readonly ChatLine[]> {
    return limit > 0 ? this.lines.slice(-limit) : [];
  }

  serve(http: ChannelHttp): void {
    this.served = http;
  }

  #changed(): void {
    this.#changes.emit('change');
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
