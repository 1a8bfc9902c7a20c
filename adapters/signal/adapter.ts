import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AdapterHost,
  type ChannelAdapter,
  ChannelError,
  errorText,
  type InboundBatch,
  type InboundMessage,
  type UnreadableEvent,
} from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';
import { openDaemon, type Patience } from './daemon.ts';
import { render } from './format.ts';
import { recipientOf } from './ids.ts';
import { normalizerFor } from './inbound.ts';
import type { SignalOptions } from './index.ts';
import { send } from './outbound.ts';
import { forgetUnstored, keepUnstored, readUnstored } from './unstored.ts';

const PATIENCE: Patience = { callMs: 55_000, downloadMs: 300_000, silenceMs: 45_000 };

/** How long to wait before an event is offered again that could not be stored. */
const OFFER_AGAIN_MS = 1000;

/** Signal shows that somebody is typing for 15 s (SendTypingCommand.java of signal-cli). */
const TYPING_AGAIN_MS = 10_000;

export function createSignalAdapter(options: SignalOptions, patience = PATIENCE): ChannelAdapter {
  const daemon = openDaemon(options, patience);
  const normalize = normalizerFor(options.account);
  let life = AbortSignal.abort();
  let end = () => {};
  let receiving: Promise<void> = Promise.resolve();

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      const stop = new AbortController();
      end = () => stop.abort();
      life = AbortSignal.any([host.signal, stop.signal]);
      await offerUnstored(host, life);
      const events = await daemon.events(life);
      receiving = receive(events, host, life);
    },

    async stop() {
      end();
      await receiving;
    },

    async send(message, signal) {
      if (life.aborted) throw new ChannelError('network', 'not connected to signal-cli', { certain: true });
      return send(daemon, options, message, AbortSignal.any([signal, life]));
    },

    startTyping(chat, _turn, until) {
      const over = AbortSignal.any([until, life]);
      if (over.aborted) return;
      const show = () => void daemon.call('sendTyping', recipientOf(chat), over).catch(() => {});
      const timer = setInterval(show, TYPING_AGAIN_MS).unref();
      over.addEventListener('abort', () => clearInterval(timer), { once: true });
      show();
    },

    async download({ ref }, signal) {
      if (ref === undefined) throw new ChannelError('rejected', 'this attachment cannot be fetched');
      return daemon.attachment(ref, signal);
    },
  };

  async function offerUnstored(host: AdapterHost, stopping: AbortSignal): Promise<void> {
    const events = readUnstored(host.dataDir());
    if (events.length > 0 && (await store(batchOf(events), host, stopping))) forgetUnstored(host.dataDir());
  }

  /** Until the stream ends or we stop. While something cannot be stored nothing more is read, and the daemon waits. */
  async function receive(
    events: AsyncIterable<readonly string[]>,
    host: AdapterHost,
    stopping: AbortSignal,
  ): Promise<void> {
    try {
      for await (const came of events) {
        if (!(await store(batchOf(came), host, stopping))) keep(came, host);
      }
    } catch (error) {
      if (!stopping.aborted) host.onStateChange({ state: 'disconnected', error: ChannelError.from(error) });
    }
  }

  function keep(events: readonly string[], host: AdapterHost): void {
    try {
      keepUnstored(host.dataDir(), events);
    } catch (error) {
      const fields = { count: events.length, reason: errorText(error) };
      host.log.warn(
        'messages are lost: they could not be stored, and signal-cli does not repeat them',
        fields,
      );
    }
  }

  /** Whether the batch is on disk; if not, we are to stop. */
  async function store(batch: InboundBatch, host: AdapterHost, stopping: AbortSignal): Promise<boolean> {
    while (!stopping.aborted) {
      try {
        await unlessAborted(host.receive(batch), stopping);
        return true;
      } catch (error) {
        if (stopping.aborted) break;
        host.log.warn('messages could not be stored; they are offered again', { reason: errorText(error) });
        await sleep(OFFER_AGAIN_MS, undefined, { signal: stopping }).catch(() => {});
      }
    }
    return false;
  }

  function batchOf(events: readonly string[]): InboundBatch {
    const messages: InboundMessage[] = [];
    const unreadable: UnreadableEvent[] = [];
    for (const payload of events) {
      try {
        const message = normalize(JSON.parse(payload));
        if (message !== undefined) messages.push(message);
      } catch (error) {
        const dedupeKey = createHash('sha256').update(payload).digest('base64url');
        unreadable.push({ dedupeKey, payload, error: errorText(error) });
      }
    }
    return { messages, unreadable };
  }
}

/** Settles like `work`, or rejects as soon as `signal` aborts. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
