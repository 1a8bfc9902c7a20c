import { EventEmitter, once } from 'node:events';
import { webchat } from '../../adapters/webchat/index.ts';
import type { FromPage, ToPage } from '../../adapters/webchat/protocol.ts';
import { type AdapterHost, type ChannelAdapter, type ChannelHttp, chatId } from '../../src/contract/index.ts';
import { TestHost } from '../kit/adapter-host.ts';
import { conformance, type Subject } from './conformance.ts';

const NOBODY_REFUSES = 'the page is part of the gateway, and the answer is in its history before it is sent';

conformance('webchat', setup, {
  'reports a lost connection, and comes back by stop and start':
    'there is one connection for each open page, and none for the channel',
  'tells a failure by its kind: auth': NOBODY_REFUSES,
  'tells a failure by its kind: rate_limited': NOBODY_REFUSES,
  'tells a failure by its kind: rejected': NOBODY_REFUSES,
  'tells a failure by its kind: unavailable': NOBODY_REFUSES,
  'knows that it does not know when the receipt is lost': NOBODY_REFUSES,
  'tries once, and leaves it to the gateway to try again': NOBODY_REFUSES,
  'waits no longer than the gateway does': NOBODY_REFUSES,
  'refuses to send while it is stopped': NOBODY_REFUSES,
});

const VISITOR = 'visitor-1';

async function setup(): Promise<Subject> {
  const page = new Page();
  return {
    create: async () => page.opensWith(await webchat.create(webchat.options.parse({}))),
    chat: { id: chatId(VISITOR), kind: 'direct' },
    platform: {
      say: (text) => page.say(text),
      acked: () => page.acked.length,
      sent: () => [...page.answers.values()],
      cut: () => page.close(),
      failNextSend: () => {},
      connections: () => page.connections,
      until: (reached, what) => page.until(reached, what),
    },
    events: { messages: MESSAGES, others: OTHERS },
    dispose: async () => page.close(),
  };
}

/** An open page of one visitor, without a browser: keeps what it said until the ack, and shows each id once. */
class Page {
  readonly acked: string[] = [];
  readonly answers = new Map<string, string>();
  connections = 0;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #unacked = new Map<string, string>();
  #say: ((message: FromPage) => void) | undefined;
  /** Closes the socket that is open. */
  close: () => void = () => {};

  /** Each time the adapter starts, the page is there. */
  opensWith(adapter: ChannelAdapter): ChannelAdapter {
    const start = async (host: AdapterHost) => {
      await adapter.start(host);
      if (host instanceof TestHost && host.served !== undefined) await this.#open(host.served);
    };
    return { ...adapter, start };
  }

  say(text: string): void {
    const id = crypto.randomUUID();
    this.#unacked.set(id, text);
    this.#say?.({ type: 'message', id, text });
  }

  async until(reached: () => boolean, what: string): Promise<void> {
    const deadline = AbortSignal.timeout(20_000);
    while (!reached()) {
      await once(this.#changes, 'change', { signal: deadline }).catch(() => {
        throw new Error(`waited in vain: ${what}`);
      });
    }
  }

  async #open(served: ChannelHttp): Promise<void> {
    const socket = new EventEmitter();
    const welcomed = once(socket, 'welcome');
    this.connections += 1;
    this.close = () => {
      this.close = () => {};
      this.#say = undefined;
      this.connections -= 1;
      socket.emit('close');
      this.#changes.emit('change');
    };
    served.connected?.(
      {
        send: (frame) => this.#hear(JSON.parse(frame) as ToPage, socket),
        close: () => this.close(),
        onMessage: (listener) => void socket.on('message', listener),
        onClose: (listener) => void socket.on('close', listener),
      },
      { id: VISITOR },
    );
    this.#say = (message) => socket.emit('message', JSON.stringify(message));
    this.#say({ type: 'hello' });
    await Promise.race([welcomed, once(socket, 'close')]);
  }

  #hear(message: ToPage, socket: EventEmitter): void {
    if (message.type === 'welcome') {
      socket.emit('welcome');
      for (const [id, text] of this.#unacked) this.#say?.({ type: 'message', id, text });
    } else if (message.type === 'ack') {
      this.#unacked.delete(message.id);
      this.acked.push(message.id);
    } else if (message.type === 'nack') {
      const { id } = message;
      setImmediate(() => this.#say?.({ type: 'message', id, text: this.#unacked.get(id) ?? '' }));
    } else if (message.type === 'line' && message.line.from === 'agent') {
      this.answers.set(message.line.id, message.line.text);
    }
    this.#changes.emit('change');
  }
}

const SAID = { visitor: VISITOR, id: '6b1a6a4e-0b5c-4a55-9d27-0d9a5c0b7c11', text: 'Hi', at: 1 };
const MESSAGES = [
  SAID,
  { ...SAID, id: '0f1f2a3b-0b5c-4a55-9d27-0d9a5c0b7c12' },
  { ...SAID, visitor: 'visitor-2', text: '' },
];
const OTHERS = [{ type: 'hello' }, { ...SAID, visitor: '' }, {}, null, 'text'];
