import { createSignalAdapter } from '../../../adapters/signal/adapter.ts';
import { signal } from '../../../adapters/signal/index.ts';
import {
  chatId,
  type OutboundId,
  type OutboundMessage,
  type RenderedText,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { FakeSignalCli, type Person } from '../../platforms/signal.ts';

export const ALICE: Person = {
  uuid: 'a11ce000-0000-4000-8000-000000000002',
  number: '+15550102',
  name: 'Alice',
};
export const GROUP = 'Pmpi+EfPWmsxiomLe9Nx2XF9HOE483p6iKiFj65iMwI=';

const PATIENCE = { callMs: 20_000, downloadMs: 20_000, silenceMs: 20_000 };

/** The adapter, the daemon that it talks to, and a gateway whose folder outlives a restart. */
export async function bench(patience: Partial<typeof PATIENCE> = {}) {
  const daemon = await new FakeSignalCli().listen();
  daemon.groups.add(GROUP);
  const folder = emptyFolder();
  const options = signal.options.parse({ http_url: daemon.url, account: daemon.account.number });
  const create = () => createSignalAdapter(options, { ...PATIENCE, ...patience });
  const hostIn = (host: TestHost) => Object.assign(host, { dataDir: () => folder.path });

  const it = {
    daemon,
    folder: folder.path,
    host: hostIn(new TestHost()),
    adapter: create(),
    /** The daemon process of the gateway ends, and begins again. */
    async restart() {
      const next = it.host.restarted();
      await it.adapter.stop();
      it.host = hostIn(next);
      it.adapter = create();
      await it.adapter.start(it.host);
    },
    async [Symbol.asyncDispose]() {
      it.host.stop();
      await it.adapter.stop();
      await daemon.stop();
      folder[Symbol.dispose]();
    },
  };
  return it;
}

export function outbound(body: RenderedText | string, more: Partial<OutboundMessage> = {}): OutboundMessage {
  return {
    id: '0000000000000001-1' as OutboundId,
    chat: { id: chatId(ALICE.uuid), kind: 'direct' },
    body: typeof body === 'string' ? { text: body } : body,
    turn: '0000000000000001' as TurnId,
    possiblyRepeated: false,
    ...more,
  };
}

export const soon = () => AbortSignal.timeout(20_000);
