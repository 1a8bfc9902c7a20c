import { type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import type { Bot } from './calls.ts';
import { capabilities } from './capabilities.ts';
import { createClient, type TelegramClient, toSignal } from './client.ts';
import { toChannelError } from './errors.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { TelegramOptions } from './index.ts';
import { send } from './outbound.ts';
import { poll } from './polling.ts';
import { showTyping } from './typing.ts';

/** One life of the adapter, from `start` to `stop`. */
interface Connection {
  readonly client: TelegramClient;
  readonly stopping: AbortController;
  polling: Promise<void>;
}

/** One bot, by long polling. */
export function createTelegramAdapter(options: TelegramOptions): ChannelAdapter {
  let connection: Connection | undefined;
  let bot: Bot | undefined;
  const read = (raw: unknown) => normalize(raw, bot);

  return {
    capabilities,
    normalize: read,
    render,

    async start(host) {
      const client = createClient(options);
      const own: Connection = { client, stopping: new AbortController(), polling: Promise.resolve() };
      connection = own;
      const signal = AbortSignal.any([own.stopping.signal, host.signal]);
      bot = await meet(client, signal);
      host.log.info('polling', { bot: bot.username });
      const { poll_timeout_seconds: timeoutSeconds } = options;
      own.polling = poll({ api: client.pollingApi, host, normalize: read, timeoutSeconds, signal }).catch(
        (error: unknown) => {
          if (signal.aborted) return;
          host.onStateChange({ state: 'disconnected', error: toChannelError('getUpdates', error) });
        },
      );
    },

    async stop() {
      const old = connection;
      connection = undefined;
      old?.stopping.abort();
      old?.client.close();
      await old?.polling;
    },

    async send(message, signal) {
      if (connection === undefined) throw new ChannelError('network', 'not connected', { certain: true });
      return send(connection.client.api, message, signal);
    },

    startTyping(chat, _turn, until) {
      if (connection !== undefined) showTyping(connection.client.api, chat, until);
    },
  };
}

/** Learns who we are, and makes sure that Telegram answers polls: with a webhook set, it does not. */
async function meet({ api }: TelegramClient, signal: AbortSignal): Promise<Bot> {
  try {
    const [me] = await Promise.all([
      api.getMe(toSignal(signal)),
      // What waits to be delivered is kept.
      api.deleteWebhook({ drop_pending_updates: false }, toSignal(signal)),
    ]);
    return { id: me.id, username: me.username };
  } catch (error) {
    throw toChannelError('getMe', error);
  }
}
