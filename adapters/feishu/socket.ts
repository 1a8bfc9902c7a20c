import { ChannelError } from '../../src/contract/index.ts';
import { domainOf } from './client.ts';
import { createHttp } from './http.ts';
import type { FeishuOptions } from './index.ts';
import type * as Lark from './lark.ts';

const CONNECT_TIMEOUT_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 15_000;
const PONG_TIMEOUT_SECONDS = 5;
/** How often we look whether the SDK still has its connection: it does not tell us. */
const LOOK_EVERY_MS = 1_000;

/**
 * Opens the long connection. The SDK keeps it alive by pings, and acknowledges each event once `take` has resolved, with
 * what that resolved with (with an error if it rejects: Feishu then offers the event again). It does not reconnect, the gateway does: `onLost` is
 * called at most once, after this has resolved. `signal` closes the connection.
 */
export async function openSocket(
  lark: typeof Lark,
  options: FeishuOptions,
  logger: Lark.Logger,
  take: (event: unknown) => Promise<object | undefined>,
  onLost: (error: ChannelError) => void,
  signal: AbortSignal,
): Promise<void> {
  const opened = Promise.withResolvers<void>();
  const giveUp = (why: string) => opened.reject(new ChannelError('network', why));

  // The SDK forgets why Feishu refused, and takes a refusal without details for a failure of the network.
  let reason: ChannelError | undefined;
  const client = new lark.WSClient({
    appId: options.app_id,
    appSecret: options.app_secret,
    domain: domainOf(lark, options),
    logger,
    httpInstance: createHttp(lark, signal, (error) => {
      reason = error;
    }),
    autoReconnect: false,
    handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
    wsConfig: { pingTimeout: PONG_TIMEOUT_SECONDS },
    onReady: opened.resolve,
    onError: () => opened.reject(reason ?? new ChannelError('network', 'the connection cannot be opened')),
  });
  signal.addEventListener('abort', () => client.close({ force: true }), { once: true });
  signal.addEventListener('abort', () => giveUp('stopped'), { once: true });

  // Events as they came, in the place of the SDK's own dispatching.
  const eventDispatcher = new lark.EventDispatcher({ logger });
  eventDispatcher.invoke = take;

  const timeout = setTimeout(() => giveUp('no connection in time'), CONNECT_TIMEOUT_MS);
  try {
    signal.throwIfAborted();
    await client.start({ eventDispatcher });
    await opened.promise;
  } catch (error) {
    client.close({ force: true });
    throw ChannelError.from(error);
  } finally {
    clearTimeout(timeout);
  }

  const watch = setInterval(() => {
    if (client.getConnectionStatus().state === 'connected') return;
    clearInterval(watch);
    onLost(new ChannelError('network', 'the connection to Feishu was lost'));
  }, LOOK_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(watch), { once: true });
}
