import { webhookPath } from '../../src/adapter-kit/index.ts';
import { type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import { clientOptions, isFor, type Session, silent, whoAmI } from './api.ts';
import { capabilities } from './capabilities.ts';
import { showChosen } from './choices.ts';
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
  let life = new AbortController();
  let session: Session | undefined;
  let close = async () => {};

  function connected(): Session {
    if (session === undefined) throw new ChannelError('network', 'not connected to Slack', { certain: true });
    return session;
  }

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      life = new AbortController();
      const signal = AbortSignal.any([host.signal, life.signal]);
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
      if (signal.aborted) throw new ChannelError('network', 'stopped while starting');
      session = { web, self };
      intake.catchUp();
    },

    async stop() {
      life.abort();
      session = undefined;
      await close();
    },

    send: async (message, signal) => send(connected(), previews, message, signal),

    findSent: async (message, signal) => findSent(connected(), message, signal),

    stream: async (preview, signal) => previews.show(connected(), preview, signal),

    startTyping(chat, _turn, until, message) {
      if (session !== undefined) showWork(session.web, chat, message, until);
    },

    react: async (chat, message, emoji, signal) => react(connected().web, chat, message, emoji, signal),

    download: async (attachment, signal) => download(connected().web, options, attachment, signal),
  };
}
