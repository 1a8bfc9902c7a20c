import { createWhatsappAdapter } from '../../../adapters/whatsapp/adapter.ts';
import type { WhatsappOptions } from '../../../adapters/whatsapp/index.ts';
import {
  type ChannelAdapter,
  chatId,
  type OutboundId,
  type OutboundMessage,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { FakeWhatsapp, TRUST } from '../../platforms/whatsapp.ts';

/** WhatsApp with a person and a group, a folder that outlives restarts, and somebody who scans every QR code. */
export async function world(options: WhatsappOptions = {}) {
  const whatsapp = await new FakeWhatsapp().listen();
  const alice = whatsapp.person('15550102', 'Alice');
  const bob = whatsapp.person('15550103', 'Bob');
  const group = whatsapp.group('120363000000000001@g.us', alice, bob);
  const folder = emptyFolder();
  const asked: string[] = [];

  return {
    whatsapp,
    alice,
    bob,
    group,
    /** What the log asked a person to do. */
    asked,
    folder: folder.path,
    create(): ChannelAdapter {
      const adapter = createWhatsappAdapter({ web_socket_url: whatsapp.url, ...options }, TRUST);
      return { ...adapter, start: (host) => adapter.start(prepared(host as TestHost)) };
    },
    async dispose() {
      await whatsapp.stop();
      folder[Symbol.dispose]();
    },
  };

  function prepared(host: TestHost): TestHost {
    const warn = (message: string, fields?: Record<string, unknown>) => {
      asked.push(message);
      if (typeof fields?.qr === 'string') whatsapp.scan(fields.qr);
    };
    return Object.assign(host, { dataDir: () => folder.path, log: { debug() {}, info() {}, warn } });
  }
}

/** `world`, connected. */
export async function bench() {
  const its = await world();
  const it = {
    ...its,
    host: new TestHost(),
    adapter: its.create(),
    /** The gateway ends, and begins again. */
    async restart() {
      const next = it.host.restarted();
      await it.adapter.stop();
      it.host = next;
      it.adapter = its.create();
      await it.adapter.start(it.host);
    },
    async [Symbol.asyncDispose]() {
      it.host.stop();
      await it.adapter.stop();
      await its.dispose();
    },
  };
  await it.adapter.start(it.host);
  return it;
}

let count = 0;

export function outbound(text: string, more: Partial<OutboundMessage> = {}): OutboundMessage {
  count += 1;
  const turn = String(count).padStart(16, '0');
  return {
    id: `${turn}-1` as OutboundId,
    chat: { id: chatId('15550102@s.whatsapp.net'), kind: 'direct' },
    body: { text },
    turn: turn as TurnId,
    possiblyRepeated: false,
    ...more,
  };
}

export const soon = () => AbortSignal.timeout(20_000);
