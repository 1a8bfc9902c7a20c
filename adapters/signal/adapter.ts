import { createLives, showUntil } from '../../src/adapter-kit/index.ts';
import { type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';
import { contactOf } from './contact.ts';
import { openDaemon, PATIENCE } from './daemon.ts';
import { render } from './format.ts';
import { recipientOf } from './ids.ts';
import { normalizerFor } from './inbound.ts';
import type { SignalOptions } from './index.ts';
import { type Intake, intakeFor } from './intake.ts';
import { send } from './outbound.ts';
import { react } from './reactions.ts';

/** Signal shows that somebody is typing for 15 s (SendTypingCommand.java of signal-cli). */
const TYPING_AGAIN_MS = 10_000;

export function createSignalAdapter(options: SignalOptions, patience = PATIENCE): ChannelAdapter {
  const daemon = openDaemon(options, patience);
  const normalize = normalizerFor(options.account);
  const lives = createLives<Promise<void>>('signal-cli');

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      const life = lives.begin(host);
      const intake = intakeFor(normalize, host, life.signal);
      await intake.offerUnstored();
      const events = await daemon.events(life.signal);
      life.connect(receive(events, intake).catch(life.lost));
    },

    async stop() {
      await lives.end();
    },

    async send(message, signal) {
      return send(daemon, options, message, lives.sentAgain(message), lives.during(signal));
    },

    async react(chat, message, emoji, signal) {
      return react(daemon, options, chat, message, emoji, lives.during(signal));
    },

    startTyping(chat, _turn, until) {
      const over = AbortSignal.any([until, lives.signal]);
      showUntil(over, TYPING_AGAIN_MS, () => daemon.call('sendTyping', recipientOf(chat), over));
    },

    async download({ ref }, signal) {
      if (ref === undefined) throw new ChannelError('rejected', 'this attachment cannot be fetched');
      return daemon.attachment(ref, signal);
    },

    async contactOf(sender, signal) {
      return contactOf(daemon, sender, lives.during(signal));
    },
  };
}

/** Until the stream ends or we stop. While something cannot be stored nothing more is read, and the daemon waits. */
async function receive(events: AsyncIterable<readonly string[]>, intake: Intake): Promise<void> {
  for await (const came of events) await intake.take(came);
}
