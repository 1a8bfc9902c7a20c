import type { InboundMessage, MenuCommand } from '../../src/contract/index.ts';
import { bootHub, type Extras } from '../adapters/webchat/memory-hub.ts';
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
  /** For files that the agent sends. */
  readonly folder: string;
  /** What an agent would get of the files of a message. */
  filesOf(message: InboundMessage): Promise<Buffer[]>;
  setMenu(commands: readonly MenuCommand[]): Promise<void>;
  /** While true, no message can be stored. */
  breakStore(broken: boolean): void;
}

export interface PageTurn {
  /** What it answers. */
  readonly message: InboundMessage;
  stream(text: string): void;
  /** Ends the turn with this answer. */
  answer(text: string, extras?: Extras): Promise<void>;
  /** Reacts to what it answers. */
  react(emoji: string): Promise<void>;
  /** Resolves when the person pressed Stop. */
  stopped(): Promise<void>;
}

export async function bootPage(options: { token?: string } = {}): Promise<BootedPage> {
  const hub = await bootHub({ title: 'OpenClaw', ...options });
  const network = await flakyNetwork(Number(new URL(hub.url).port));
  const begin = (message: InboundMessage): PageTurn => {
    const chat = message.chat.id;
    const { stream, answer } = hub.begin(chat);
    return {
      message,
      stream: (text) => void stream(text),
      answer,
      react: async (emoji) => hub.react(message, emoji),
      stopped: async () => {
        await hub.until(() => hub.stops.find((stopped) => stopped === chat));
      },
    };
  };
  return {
    url: `http://127.0.0.1:${network.port}/channels/webchat/`,
    network,
    turnFor: async (text) => begin(await hub.message(text)),
    stored: () => hub.stored.map((message) => message.text),
    folder: hub.folder,
    filesOf: ({ attachments = [] }) => Promise.all(attachments.map(hub.contentOf)),
    setMenu: async (commands) => hub.adapter.setMenu?.(commands, new AbortController().signal),
    breakStore(broken) {
      hub.broken = broken;
    },
    async [Symbol.asyncDispose]() {
      await network[Symbol.asyncDispose]();
      await hub[Symbol.asyncDispose]();
    },
  };
}
