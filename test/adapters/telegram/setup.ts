import { telegram } from '../../../adapters/telegram/index.ts';
import {
  type ChannelAdapter,
  ChannelError,
  chatId,
  type OutboundId,
  type OutboundMessage,
  type TurnId,
} from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { FakeTelegram } from '../../platforms/telegram.ts';

/** An adapter of grammY's real client, a Telegram for it on loopback, and a gateway. */
export interface Setup extends AsyncDisposable {
  readonly platform: FakeTelegram;
  readonly adapter: ChannelAdapter;
  readonly host: TestHost;
}

export async function setUp(options: object = {}): Promise<Setup> {
  const platform = await new FakeTelegram().listen();
  const adapter = await telegram.create(
    telegram.options.parse({ token: platform.token, api_root: platform.url, ...options }),
  );
  const host = new TestHost();
  platform.callWebhook = servedBy(() => host);
  return {
    platform,
    adapter,
    host,
    async [Symbol.asyncDispose]() {
      host[Symbol.dispose]();
      await adapter.stop();
      await platform.stop();
    },
  };
}

/** What a config has for webhooks. */
export const WEBHOOK = {
  mode: 'webhook',
  webhook_url: 'https://gateway.example',
  secret_token: 'secret-token_of-the-tests',
} as const;

/** The way to what the adapter serves on the gateway of the moment; rejects when nobody is there. */
export function servedBy(host: () => TestHost | undefined): (call: Request) => Promise<Response> {
  return async (call) => {
    const served = host()?.served;
    if (served === undefined) throw new Error('nobody listens');
    return served.fetch(call, { id: '' });
  };
}

/** A message of ours, to the person of chat 42 unless told. */
export function outbound(text: string, more: Partial<OutboundMessage> = {}): OutboundMessage {
  const turn = '0000000000000001' as TurnId;
  return {
    id: `${turn}-0` as OutboundId,
    chat: { id: chatId('42'), kind: 'direct' },
    body: { text },
    turn,
    possiblyRepeated: false,
    ...more,
  };
}

/** How it failed. */
export async function failure(promise: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ChannelError) return error;
  throw new Error(`not a ChannelError: ${String(error)}`);
}

/** For sends that nobody gives up. */
export const PATIENT = new AbortController().signal;

/** Node's servers close unused connections after 5 s; what is gone in less (milliseconds) was closed by the client. */
export const BEFORE_THE_SERVER_DOES = 4_000;
