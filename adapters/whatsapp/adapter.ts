import { join } from 'node:path';
import {
  batchOf,
  createLives,
  type Life,
  oneAtATime,
  persistently,
  showUntil,
} from '../../src/adapter-kit/index.ts';
import { type AdapterHost, type ChannelAdapter, ChannelError } from '../../src/contract/index.ts';
import { FILE } from './auth-store.ts';
import { capabilities } from './capabilities.ts';
import { contactOf } from './contact.ts';
import { closedError } from './errors.ts';
import { render } from './format.ts';
import { normalize } from './inbound.ts';
import type { WhatsappOptions } from './index.ts';
import { loginStep } from './login.ts';
import { download } from './media.ts';
import { openCalls } from './outbound.ts';
import type { FromWorker } from './protocol.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

/** How long to wait before an event is offered again that could not be stored. */
const OFFER_AGAIN_MS = 1000;
/** WhatsApp's apps show that somebody is typing for about 10 s after the last sign of it. */
const TYPING_AGAIN_MS = 8000;

export function createWhatsappAdapter(options: WhatsappOptions): ChannelAdapter {
  const lives = createLives<WorkerProcess>('WhatsApp');
  const calls = openCalls((message) => lives.session?.tell(message));

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      await run(host, lives.begin(host));
    },

    async stop() {
      const worker = lives.end();
      calls.failAll();
      await worker?.stop();
    },

    async send(message, signal) {
      return calls.send(message, lives.during(signal));
    },

    async react(chat, message, emoji, signal) {
      await calls.react(chat, message, emoji, lives.during(signal));
    },

    async download({ ref }, signal) {
      return download(ref, calls.locate, lives.during(signal));
    },

    async contactOf(sender, signal) {
      const inTime = lives.during(signal);
      return contactOf(sender, (lid) => calls.numberOf(lid, inTime));
    },

    startTyping(chat, _turn, until) {
      const over = AbortSignal.any([until, lives.signal]);
      if (over.aborted) return;
      const show = async (on: boolean) => lives.session?.tell({ type: 'typing', chat, on });
      showUntil(over, TYPING_AGAIN_MS, () => show(true));
      over.addEventListener('abort', () => void show(false), { once: true });
    },
  };

  /** Starts a worker; resolves once it is logged in, which may take a person with a phone. */
  function run(host: AdapterHost, { signal: living, connect, lost }: Life<WorkerProcess>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let open = false;
    const inTurn = oneAtATime();
    const ended = (error: ChannelError) => {
      calls.failAll();
      if (open) lost(error);
      open = false;
      reject(error);
    };
    const heard = (message: FromWorker) => {
      switch (message.type) {
        case 'open':
          open = true;
          return resolve();
        case 'event':
          return void inTurn(() => store(host, message.key, message.event, living));
        case 'login':
          if (!living.aborted) host.onStateChange({ state: 'needs_login', login: loginStep(message.step) });
          return;
        case 'closed':
          return ended(closedError(message.code));
        case 'failed':
          return ended(new ChannelError('unavailable', `the WhatsApp worker failed: ${message.reason}`));
        default:
          return calls.answer(message);
      }
    };
    const giveUp = () =>
      reject(new ChannelError('network', 'stopped while connecting to WhatsApp', { certain: true }));
    if (living.aborted) giveUp();
    else {
      living.addEventListener('abort', giveUp, { once: true });
      const file = join(host.dataDir(), FILE);
      connect(
        startWorker(
          { file, webSocketUrl: options.web_socket_url, pairingPhoneNumber: options.pairing_phone_number },
          heard,
          () => ended(new ChannelError('unavailable', 'the WhatsApp worker ended unexpectedly')),
        ),
      );
    }
    return promise;
  }

  /** Until it is on disk or we stop; then the journal offers it again at the next start. */
  async function store(host: AdapterHost, key: string, event: unknown, living: AbortSignal): Promise<void> {
    if (living.aborted) return;
    const batch = batchOf([event], normalize, () => key);
    const storing = () => host.receive(batch);
    const trying = { log: host.log, signal: living };
    try {
      await persistently(storing, 'a message could not be stored', trying, OFFER_AGAIN_MS);
    } catch {
      return;
    }
    lives.session?.tell({ type: 'stored', keys: [key] });
  }
}
