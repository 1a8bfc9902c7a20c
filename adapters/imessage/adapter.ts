import { setTimeout as sleep } from 'node:timers/promises';
import { createLives, showUntil } from '../../src/adapter-kit/index.ts';
import {
  type AdapterHost,
  type ChannelAdapter,
  ChannelError,
  errorText,
  type InboundBatch,
} from '../../src/contract/index.ts';
import { connectTo, PATIENCE, type ServerInfo } from './bluebubbles.ts';
import { capabilities } from './capabilities.ts';
import { contactOf } from './contact.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { IMessageOptions } from './index.ts';
import { send } from './outbound.ts';
import { type Poller, pollFrom } from './polling.ts';
import { react } from './reactions.ts';

/** How long to wait before messages are offered again that could not be stored. */
const OFFER_AGAIN_MS = 1000;

/** Messages shows that somebody is typing for a minute. */
const TYPING_AGAIN_MS = 45_000;

export function createIMessageAdapter(options: IMessageOptions, patience = PATIENCE): ChannelAdapter {
  const server = connectTo(options, patience);
  const lives = createLives<ServerInfo>('BlueBubbles');

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      const { signal, connect, lost } = lives.begin(host);
      const info = await server.info(signal);
      const poller = pollFrom(server, info, host.cursor());
      const cursor = await poller.begin(signal);
      if (cursor !== undefined) await host.receive({ messages: [], cursor });
      connect(info);
      void poll(poller, host, signal).catch(lost);
    },

    async stop() {
      lives.end();
    },

    async send(message, signal) {
      return send(server, lives.connected(), message, lives.sentAgain(message), lives.during(signal));
    },

    async react(chat, message, emoji, signal) {
      let info = lives.connected();
      const inTime = lives.during(signal);
      if (!info.privateApi) info = await server.info(inTime); // it may have been enabled since
      return react(server, info, chat, message, emoji, inTime);
    },

    startTyping(chat, _turn, until) {
      const over = AbortSignal.any([until, lives.signal]);
      if (lives.session?.privateApi) showUntil(over, TYPING_AGAIN_MS, () => server.showTyping(chat, over));
    },

    async download({ ref }, signal) {
      if (ref === undefined) throw new ChannelError('rejected', 'this attachment cannot be fetched');
      return server.attachment(ref, signal);
    },

    async contactOf(sender, signal) {
      return contactOf(server, sender, lives.during(signal));
    },
  };

  /** Until we stop, or the server is lost. */
  async function poll(poller: Poller, host: AdapterHost, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const { batch, more, stored } = await poller.next(stopping);
      const isStored = batch === undefined || (await store(batch, host));
      if (isStored) stored();
      if (isStored && more) continue;
      const pause = isStored ? options.poll_interval : Math.max(options.poll_interval, OFFER_AGAIN_MS);
      await sleep(pause, undefined, { signal: stopping });
    }
  }
}

/** Whether the batch is on disk; if not, the next poll brings it again. */
async function store(batch: InboundBatch, host: AdapterHost): Promise<boolean> {
  try {
    await host.receive(batch);
    return true;
  } catch (error) {
    host.log.warn('messages could not be stored; they are fetched again', { reason: errorText(error) });
    return false;
  }
}
