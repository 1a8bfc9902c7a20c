import { createLives, webhookPath } from '../../src/adapter-kit/index.ts';
import type { ChannelAdapter } from '../../src/contract/index.ts';
import { clientOptions, isFor, type Session, silent, whoAmI } from './api.ts';
import { capabilities } from './capabilities.ts';
import { showChosen } from './choices.ts';
import { contactOf } from './contact.ts';
import { download } from './download.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { SlackOptions } from './index.ts';
import { createIntake } from './intake.ts';
import { send } from './outbound.ts';
import { createPreviews } from './previews.ts';
import { react } from './reactions.ts';
import { findSent } from './readback.ts';
import { keepSocket } from './socket.ts';
import { showWork } from './typing.ts';
import { createWebhook } from './webhook.ts';

export async function createSlackAdapter(options: SlackOptions): Promise<ChannelAdapter> {
  const { WebClient } = await import('@slack/web-api');
  const previews = createPreviews();
  const lives = createLives<Session>('Slack');
  let close = async () => {};

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      const { signal, connect } = lives.begin(host);
      const web = new WebClient(options.bot_token, {
        ...clientOptions(options.api_url, signal),
        logger: silent,
      });
      const self = await whoAmI(web, host.log);
      const intake = createIntake(host, web, self, signal);
      const take = async (event: unknown) => {
        await intake.take(event);
        showChosen(web, event);
      };
      if (options.mode === 'socket') close = await keepSocket(options, host, self, intake, take, signal);
      else {
        const path = webhookPath(host.channel);
        host.serve(createWebhook(path, options.signing_secret, (event) => isFor(self, event), take));
      }
      connect({ web, self });
      intake.catchUp();
    },

    async stop() {
      lives.end();
      await close();
    },

    send: async (message, signal) =>
      send(lives.connected(), previews, message, lives.sentAgain(message), signal),

    findSent: async (message, signal) => findSent(lives.connected(), message, signal),

    stream: async (preview, signal) => previews.show(lives.connected(), preview, signal),

    startTyping(chat, _turn, until, message) {
      if (lives.session === undefined) return;
      const { isThinking } = lives.textsFor(chat);
      showWork(lives.session.web, chat, isThinking, message, until);
    },

    react: async (chat, message, emoji, signal) => react(lives.connected().web, chat, message, emoji, signal),

    download: async (attachment, signal) => download(lives.connected().web, options, attachment, signal),

    contactOf: async (sender, signal) => contactOf(lives.connected(), sender, signal),
  };
}
