import { showUntil } from '../../src/adapter-kit/index.ts';
import { type AdapterHost, type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';
import { openDaemon, type Patience } from './daemon.ts';
import { render } from './format.ts';
import { recipientOf } from './ids.ts';
import { normalizerFor } from './inbound.ts';
import type { SignalOptions } from './index.ts';
import { type Intake, intakeFor } from './intake.ts';
import { send } from './outbound.ts';
import { react } from './reactions.ts';

const PATIENCE: Patience = { callMs: 55_000, downloadMs: 300_000, silenceMs: 45_000 };

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
      const intake = intakeFor(normalize, host, life);
      await intake.offerUnstored();
      const events = await daemon.events(life);
      receiving = receive(events, intake, host, life);
    },

    async stop() {
      end();
      await receiving;
    },

    async send(message, signal) {
      return send(daemon, options, message, connected(signal));
    },

    async react(chat, message, emoji, signal) {
      return react(daemon, options, chat, message, emoji, connected(signal));
    },

    startTyping(chat, _turn, until) {
      const over = AbortSignal.any([until, life]);
      showUntil(over, TYPING_AGAIN_MS, () => daemon.call('sendTyping', recipientOf(chat), over));
    },

    async download({ ref }, signal) {
      if (ref === undefined) throw new ChannelError('rejected', 'this attachment cannot be fetched');
      return daemon.attachment(ref, signal);
    },
  };

  /** `signal`, for as long as we are connected. */
  function connected(signal: AbortSignal): AbortSignal {
    if (life.aborted) throw new ChannelError('network', 'not connected to signal-cli', { certain: true });
    return AbortSignal.any([signal, life]);
  }
}

/** Until the stream ends or we stop. While something cannot be stored nothing more is read, and the daemon waits. */
async function receive(
  events: AsyncIterable<readonly string[]>,
  intake: Intake,
  host: AdapterHost,
  stopping: AbortSignal,
): Promise<void> {
  try {
    for await (const came of events) await intake.take(came);
  } catch (error) {
    if (!stopping.aborted) host.onStateChange({ state: 'disconnected', error: ChannelError.from(error) });
  }
}
