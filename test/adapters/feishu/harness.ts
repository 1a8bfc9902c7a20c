import { feishu } from '../../../adapters/feishu/index.ts';
import {
  type ChannelAdapter,
  ChannelError,
  type Chat,
  chatId,
  type OutboundId,
  type OutboundMessage,
  platformMessageId,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { FakeFeishu } from '../../platforms/feishu.ts';
import { type WebhookSecrets, webhookEvent } from '../../platforms/feishu-webhook.ts';

export const WEBHOOK = {
  encryptKey: 'encrypt-key-of-the-tests',
  verificationToken: 'verification-token-of-tests',
} as const;

export const WEBHOOK_URL = 'http://gateway.example/channels/test/webhook';

/** An adapter that is connected to a fake Feishu. `await using bench = await openBench()`. */
export async function openBench(
  mode: 'websocket' | 'webhook' = 'websocket',
  prepare?: (fake: FakeFeishu) => void,
) {
  const fake = await new FakeFeishu().listen();
  prepare?.(fake);
  const options = feishu.options.parse({
    app_id: fake.appId,
    app_secret: fake.appSecret,
    domain: fake.url,
    mode,
    ...(mode === 'webhook' && {
      encrypt_key: WEBHOOK.encryptKey,
      verification_token: WEBHOOK.verificationToken,
    }),
  });
  let adapter: ChannelAdapter = await feishu.create(options);
  let host = new TestHost();
  let sent = 0;
  const bench = {
    fake,
    get adapter() {
      return adapter;
    },
    get host() {
      return host;
    },
    start: () => adapter.start(host),
    /** The gateway ends, and starts again with what it has on disk. */
    async restart() {
      await bench.pause();
      await bench.start();
    },
    /** The gateway ends; `start` starts it again. */
    async pause() {
      const next = host.restarted();
      await adapter.stop();
      adapter = await feishu.create(options);
      host = next;
    },
    /** Something to send, in a direct chat if nothing else is said. */
    outbound(markdown: string, more: Partial<OutboundMessage> = {}): OutboundMessage {
      sent += 1;
      const turn = `0000000000${String(sent).padStart(6, '0')}` as TurnId;
      const body = adapter.render(markdown)[0] ?? { text: markdown };
      return { id: `${turn}-0` as OutboundId, chat: ALICE, body, turn, possiblyRepeated: false, ...more };
    },
    /** An event as Feishu would POST it. */
    asRequest(event: { readonly header: object }, secrets: WebhookSecrets = WEBHOOK): Request {
      return new Request(WEBHOOK_URL, { method: 'POST', ...webhookEvent(secrets, event) });
    },
    send: (message: OutboundMessage) => adapter.send(message, AbortSignal.timeout(20_000)),
    async failureOf(action: Promise<unknown>): Promise<ChannelError> {
      const error = await action.then(
        () => new Error('it did not fail'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof ChannelError)) throw error;
      return error;
    },
    async [Symbol.asyncDispose]() {
      host[Symbol.dispose]();
      await adapter.stop();
      await fake.stop();
    },
  };
  return bench;
}

export const ALICE: Chat = { id: chatId('oc_alice'), kind: 'direct' };
export const TEAM: Chat = { id: chatId('oc_team'), kind: 'group' };
export const toId = platformMessageId;
