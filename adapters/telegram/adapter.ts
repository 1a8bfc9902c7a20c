import type { Api } from 'grammy';
import { createLives } from '../../src/adapter-kit/index.ts';
import type { ChannelAdapter } from '../../src/contract/index.ts';
import type { Bot } from './calls.ts';
import { capabilities } from './capabilities.ts';
import { createClient, type TelegramClient, toSignal } from './client.ts';
import { download } from './download.ts';
import { toChannelError } from './errors.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { TelegramOptions } from './index.ts';
import { setMenu } from './menu.ts';
import { send } from './outbound.ts';
import { poll } from './polling.ts';
import { createPreviews, type Previews } from './previews.ts';
import { react } from './react.ts';
import { showTyping } from './typing.ts';
import { openWebhook } from './webhook.ts';

/** What there is between `start` and `stop`. */
interface Connection {
  readonly client: TelegramClient;
  readonly previews: Previews;
  polling: Promise<void>;
}

/** One bot. */
export function createTelegramAdapter(options: TelegramOptions): ChannelAdapter {
  const lives = createLives<Connection>('Telegram');
  let bot: Bot | undefined;
  const read = (raw: unknown) => normalize(raw, bot);

  return {
    capabilities,
    normalize: read,
    render,

    async start(host) {
      const client = createClient(options);
      const { api } = client;
      const { signal, connect, lost } = lives.begin(host);
      const previews = createPreviews(api, signal);
      const own: Connection = { client, previews, polling: Promise.resolve() };
      connect(own);
      bot = await meet(api, signal);
      host.log.info(options.mode, { bot: bot.username });
      const inlet = { api, host, normalize: read, signal };
      if (options.mode === 'webhook') return openWebhook(inlet, options);
      await removeWebhook(api, signal);
      const { poll_timeout_seconds: timeoutSeconds } = options;
      const pollingApi = client.pollingApi(timeoutSeconds);
      own.polling = poll({ ...inlet, pollingApi, timeoutSeconds }).catch((error: unknown) =>
        lost(toChannelError('getUpdates', error)),
      );
    },

    async stop() {
      const old = lives.end();
      old?.client.close();
      await old?.polling;
    },

    async send(message, signal) {
      const { client, previews } = lives.connected();
      await previews.settled(message.chat.id);
      return send(client, message, lives.sentAgain(message), signal);
    },

    async download(attachment, signal) {
      return download(lives.connected().client, attachment, signal);
    },

    async stream(preview) {
      await lives.connected().previews.show(preview);
    },

    async react(chat, message, emoji, signal) {
      await react(lives.connected().client.api, chat, message, emoji, signal);
    },

    async setMenu(commands, signal) {
      await setMenu(lives.connected().client.api, commands, signal);
    },

    startTyping(chat, _turn, until) {
      if (lives.session !== undefined) showTyping(lives.session.client.api, chat, until);
    },
  };
}

async function meet(api: Api, signal: AbortSignal): Promise<Bot> {
  try {
    const { id, username } = await api.getMe(toSignal(signal));
    return { id, username };
  } catch (error) {
    throw toChannelError('getMe', error);
  }
}

/**
 * With a webhook set, Telegram answers no polls. What waits to be delivered is kept. Should it fail, then the first poll
 * tells why; a Bot API server of one's own may not know webhooks at all.
 */
async function removeWebhook(api: Api, signal: AbortSignal): Promise<void> {
  await api.deleteWebhook({ drop_pending_updates: false }, toSignal(signal)).catch(() => {});
}
