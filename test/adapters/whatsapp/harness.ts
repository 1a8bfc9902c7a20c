import { createWhatsappAdapter } from '../../../adapters/whatsapp/adapter.ts';
import type { WhatsappOptions } from '../../../adapters/whatsapp/index.ts';
import {
  type ChannelAdapter,
  type ChannelStateChange,
  chatId,
  type InboundMessage,
  type LoginStep,
  type OutboundId,
  type OutboundMessage,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { FakeWhatsapp } from '../../platforms/whatsapp.ts';

/**
 * WhatsApp with two people and a group, a folder that outlives restarts, and somebody who logs in as asked. What is asked
 * for does not reach the host, for the tests that only count on being connected.
 */
export async function world(options: WhatsappOptions = {}, logIn = true) {
  const whatsapp = await new FakeWhatsapp().listen();
  const alice = whatsapp.person('15550102', 'Alice');
  const bob = whatsapp.person('15550103', 'Bob');
  const group = whatsapp.group('120363000000000001@g.us', alice, bob);
  const folder = emptyFolder();
  const asked: LoginStep[] = [];
  const logged: unknown[] = [];

  return {
    whatsapp,
    alice,
    bob,
    group,
    /** What a person was asked to do. */
    asked,
    /** All that went to the log. */
    logged,
    folder: folder.path,
    create(): ChannelAdapter {
      const adapter = createWhatsappAdapter({ web_socket_url: whatsapp.url, ...options });
      return { ...adapter, start: (host) => adapter.start(prepared(host as TestHost)) };
    },
    async dispose() {
      await whatsapp.stop();
      folder[Symbol.dispose]();
    },
  };

  function prepared(host: TestHost): TestHost {
    const log = (...line: unknown[]) => void logged.push(line);
    const report = host.onStateChange.bind(host);
    const onStateChange = (change: ChannelStateChange) => {
      if (change.state !== 'needs_login') return report(change);
      asked.push(change.login);
      if (logIn && change.login.qr) whatsapp.scan(change.login.qr);
    };
    return Object.assign(host, {
      dataDir: () => folder.path,
      log: { debug: log, info: log, warn: log },
      onStateChange,
    });
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

/** Links a device whose login is then in this folder: the channel's own, of a daemon that is to start logged in. */
export async function link(whatsapp: FakeWhatsapp, folder: string): Promise<void> {
  using host = new TestHost();
  const adapter = createWhatsappAdapter({ web_socket_url: whatsapp.url });
  const onStateChange = (change: ChannelStateChange) => {
    if (change.state === 'needs_login') whatsapp.scan(change.login.qr ?? '');
  };
  await adapter.start(Object.assign(host, { dataDir: () => folder, onStateChange }));
  await adapter.stop();
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

/** The latest message that arrived. */
export function heard(host: TestHost): InboundMessage {
  const message = host.messages.at(-1);
  if (message === undefined) throw new Error('nothing arrived');
  return message;
}

export const soon = () => AbortSignal.timeout(20_000);
