import type { ChatId } from '../../src/contract/index.ts';
import { bootHub } from '../adapters/webchat/memory-hub.ts';
import { flakyNetwork } from '../kit/flaky-network.ts';

/** What the page tests need of a gateway; whatever boots one can stand behind it. */
export interface BootedPage extends AsyncDisposable {
  /** Of the chat page, through a network that can fail. */
  readonly url: string;
  readonly network: { down(): void; up(): void; swallowAnswers(): void };
  /** Resolves once a message with this text is stored, with the turn that answers it. */
  turnFor(text: string): Promise<PageTurn>;
  /** The texts of all stored messages, in order. */
  stored(): string[];
  /** While true, no message can be stored. */
  breakStore(broken: boolean): void;
}

export interface PageTurn {
  stream(text: string): void;
  /** Ends the turn with this answer. */
  answer(text: string): Promise<void>;
  /** Resolves when the person pressed Stop. */
  stopped(): Promise<void>;
}

export async function bootPage(options: { token?: string } = {}): Promise<BootedPage> {
  const hub = await bootHub({ title: 'OpenClaw', ...options });
  const network = await flakyNetwork(Number(new URL(hub.url).port));
  const begin = (chat: ChatId): PageTurn => {
    const { stream, answer } = hub.begin(chat);
    return {
      stream,
      answer,
      stopped: async () => {
        await hub.until(() => hub.stops.find((stopped) => stopped === chat));
      },
    };
  };
  return {
    url: `http://127.0.0.1:${network.port}/channels/webchat/`,
    network,
    turnFor: async (text) => begin((await hub.message(text)).chat.id),
    stored: () => hub.stored.map((message) => message.text),
    breakStore(broken) {
      hub.broken = broken;
    },
    async [Symbol.asyncDispose]() {
      await network[Symbol.asyncDispose]();
      await hub[Symbol.asyncDispose]();
    },
  };
}
