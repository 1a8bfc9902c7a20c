import { createIMessageAdapter } from '../../../adapters/imessage/adapter.ts';
import {
  chatId,
  type OutboundId,
  type OutboundMessage,
  type RenderedText,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { directChat, FakeBlueBubbles } from '../../platforms/imessage.ts';

export const ALICE = 'alice@example.org';

const PATIENCE = { queryMs: 20_000, sendMs: 20_000, downloadMs: 20_000 };

/** The adapter, the server that it talks to, and a gateway that remembers over a restart. */
export async function bench(patience: Partial<typeof PATIENCE> = {}) {
  const server = await new FakeBlueBubbles().listen();
  const options = { server_url: server.url, password: server.password, poll_interval: 5 };
  const create = () => createIMessageAdapter(options, { ...PATIENCE, ...patience });

  const it = {
    server,
    options,
    host: new TestHost(),
    adapter: create(),
    texts: () => it.host.messages.map(({ text }) => text),
    /** Resolves when the adapter has asked for news (and read the answer) twice more. */
    async polled() {
      const before = server.requests.get('message/query') ?? 0;
      await server.until(() => (server.requests.get('message/query') ?? 0) >= before + 5, 'two more polls');
    },
    async stop() {
      const next = it.host.restarted();
      await it.adapter.stop();
      it.host = next;
      it.adapter = create();
    },
    async [Symbol.asyncDispose]() {
      it.host.stop();
      await it.adapter.stop();
      await server.stop();
    },
  };
  return it;
}

export type Bench = Awaited<ReturnType<typeof bench>>;

export function outbound(body: RenderedText | string, more: Partial<OutboundMessage> = {}): OutboundMessage {
  return {
    id: '0000000000000001-1' as OutboundId,
    chat: { id: chatId(directChat(ALICE).guid), kind: 'direct' },
    body: typeof body === 'string' ? { text: body } : body,
    turn: '0000000000000001' as TurnId,
    possiblyRepeated: false,
    ...more,
  };
}

export const soon = () => AbortSignal.timeout(20_000);
