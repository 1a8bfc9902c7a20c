import type { WebClient } from '@slack/web-api';
import { type AdapterHost, type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import { clientOptions, isFor, type Self, silent, whoAmI } from './api.ts';
import { capabilities } from './capabilities.ts';
import { download } from './download.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { SlackOptions } from './index.ts';
import { createIntake, type Intake } from './intake.ts';
import { findSent, send } from './outbound.ts';
import { keepSocket } from './socket.ts';
import { showTyping } from './typing.ts';
import { createWebhook } from './webhook.ts';

/** What there is between `start` and `stop`. */
interface Session {
  readonly web: WebClient;
  readonly self: Self;
}

export async function createSlackAdapter(options: SlackOptions): Promise<ChannelAdapter> {
  const { WebClient } = await import('@slack/web-api');
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
      if (options.mode === 'socket') close = await keepSocket(options, host, self, intake, signal);
      else host.serve(webhook(host, options.signing_secret, self, intake));
      if (signal.aborted) throw new ChannelError('network', 'stopped while starting');
      session = { web, self };
      intake.catchUp();
    },

    async stop() {
      life.abort();
      session = undefined;
      await close();
    },

    send: async (message, signal) => send(connected().web, message, signal),

    async findSent(message, signal) {
      const { web, self } = connected();
      return findSent(web, self.user, message, signal);
    },

    startTyping(chat, _turn, until) {
      if (session !== undefined) showTyping(session.web, chat, until);
    },

    download: async (attachment, signal) => download(connected().web, options, attachment, signal),
  };
}

function webhook(host: AdapterHost, signingSecret: string, self: Self, intake: Intake) {
  const path = `/channels/${host.channel}/webhook`;
  return createWebhook(path, signingSecret, (event) => isFor(self, event), intake.take);
}
