import { EventEmitter, once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { webchat } from '../../adapters/webchat/index.ts';
import type { FromPage, Line, ToPage } from '../../adapters/webchat/protocol.ts';
import {
  type AdapterHost,
  type ChannelAdapter,
  type ChannelHttp,
  chatId,
  type MenuCommand,
  type OutboundMessage,
} from '../../src/contract/index.ts';
import { TestHost } from '../kit/adapter-host.ts';
import { conformance, type Subject } from './conformance.ts';

const NOBODY_REFUSES = 'the page is part of the gateway, and the answer is in its history before it is sent';

conformance('webchat', setup, {
  'says of what is passed on that it is': 'nothing can be passed on there',
  'keeps what is answered out of the answer': 'a message answers no other',
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
      sent: () => [...page.answers.values()].map(({ text }) => text),
      cut: () => page.close(),
      failNextSend: () => {},
      connections: () => page.connections,
      until: (reached, what) => page.until(reached, what),
      choose: (label) => page.choose(label),
      reactions: () => [...page.reactions.values()],
      files: () => page.files,
      sayWithFile: (text, file) => void page.sayWithFile(text, file),
      menu: (language) => page.menu.map(({ description }) => description[language]),
      menusFilled: () => page.menusFilled,
      pick: (description, words) => page.pick(description, words),
      preview: () => page.preview,
    },
    events: { messages: MESSAGES, others: OTHERS },
    dispose: async () => page.close(),
  };
}

/** An open page of one visitor, without a browser: keeps what it said until the ack, and shows each id once. */
class Page {
  readonly acked: string[] = [];
  readonly answers = new Map<string, Line>();
  readonly reactions = new Map<string, string>();
  readonly files: { name: string; content: Buffer }[] = [];
  preview = '';
  menu: readonly MenuCommand[] = [];
  menusFilled = 0;
  connections = 0;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #unacked = new Map<string, FromPage>();
  #say: ((message: FromPage) => void) | undefined;
  #served: ChannelHttp | undefined;
  #loading: Promise<void>[] = [];
  /** Closes the socket that is open. */
  close: () => void = () => {};

  /** Each time the adapter starts, the page is there; and what is sent stands in the history before. */
  opensWith(adapter: ChannelAdapter): ChannelAdapter {
    let hub: TestHost | undefined;
    const start = async (host: AdapterHost) => {
      await adapter.start(host);
      if (!(host instanceof TestHost) || host.served === undefined) return;
      hub = host;
      await this.#open(host.served);
    };
    const send = async (message: OutboundMessage, signal: AbortSignal) => {
      const { id, turn, files } = message;
      hub?.lines.push({ from: 'agent', id, text: message.body.text, at: 1, turn, ...(files && { files }) });
      const receipt = await adapter.send(message, signal);
      await Promise.all(this.#loading);
      return receipt;
    };
    return { ...adapter, start, send };
  }

  say(text: string): void {
    this.#offer({ type: 'message', id: crypto.randomUUID(), text });
  }

  pick(description: string, words: string): void {
    const command = this.menu.find(({ description: { en } }) => en === description);
    this.say([`/${command?.name}`, words].filter(Boolean).join(' '));
  }

  async sayWithFile(text: string, { name, mime, content }: { name: string; mime: string; content: Buffer }) {
    const [file, id] = [crypto.randomUUID(), crypto.randomUUID()];
    const body = JSON.stringify({ id: file, offset: 0, data: content.toString('base64') });
    const uploaded = await this.#ask('upload', { method: 'POST', body });
    expect(await uploaded.json()).toEqual({ bytes: content.length });
    this.#offer({ type: 'message', id, text, files: [{ id: file, name, mime, bytes: content.length }] });
  }

  choose(label: string): void {
    const asked = [...this.answers.values()].findLast(({ choices }) => choices?.includes(label));
    this.#offer({ type: 'choice', id: crypto.randomUUID(), of: asked?.id ?? '', label });
  }

  async until(reached: () => boolean, what: string): Promise<void> {
    const deadline = AbortSignal.timeout(20_000);
    while (!reached()) {
      await once(this.#changes, 'change', { signal: deadline }).catch(() => {
        throw new Error(`waited in vain: ${what}`);
      });
    }
  }

  #offer(message: Extract<FromPage, { id: string }>): void {
    this.#unacked.set(message.id, message);
    this.#say?.(message);
  }

  async #ask(path: string, init?: RequestInit): Promise<Response> {
    const request = new Request(`http://127.0.0.1/channels/test/${path}`, init);
    return (await this.#served?.fetch(request, { id: VISITOR })) ?? Response.error();
  }

  async #load(line: Line): Promise<void> {
    for (const [place, { name }] of (line.files ?? []).entries()) {
      const response = await this.#ask(`files/${line.id}/${place}`);
      this.files.push({ name, content: Buffer.from(await response.arrayBuffer()) });
    }
  }

  async #open(served: ChannelHttp): Promise<void> {
    const socket = new EventEmitter();
    const welcomed = once(socket, 'welcome');
    this.connections += 1;
    this.#served = served;
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

  #fill(commands: readonly MenuCommand[]): void {
    if (!isDeepStrictEqual(commands, this.menu)) this.menusFilled += 1;
    this.menu = commands;
  }

  #hear(message: ToPage, socket: EventEmitter): void {
    switch (message.type) {
      case 'welcome':
        socket.emit('welcome');
        this.#fill(message.menu);
        for (const unacked of this.#unacked.values()) this.#say?.(unacked);
        break;
      case 'ack':
        this.#unacked.delete(message.id);
        this.acked.push(message.id);
        break;
      case 'nack': {
        const again = this.#unacked.get(message.id);
        if (again !== undefined) setImmediate(() => this.#say?.(again));
        break;
      }
      case 'line':
        this.preview = '';
        if (message.line.from === 'person' || this.answers.has(message.line.id)) break;
        this.answers.set(message.line.id, message.line);
        this.#loading.push(this.#load(message.line));
        break;
      case 'stream':
        this.preview = this.preview.slice(0, message.offset) + message.text;
        break;
      case 'menu':
        this.#fill(message.commands);
        break;
      case 'reaction':
        this.reactions.set(message.line, message.emoji);
        break;
    }
    this.#changes.emit('change');
  }
}

const SAID = { visitor: VISITOR, id: '6b1a6a4e-0b5c-4a55-9d27-0d9a5c0b7c11', text: 'Hi', at: 1 };
const MESSAGES = [
  SAID,
  { ...SAID, id: '0f1f2a3b-0b5c-4a55-9d27-0d9a5c0b7c12' },
  { ...SAID, visitor: 'visitor-2', text: '' },
  { ...SAID, id: 'with-a-file', files: [{ name: 'a.png', mime: 'image/png', bytes: 1, ref: 'folder/name' }] },
  { ...SAID, id: 'a-choice', of: 'turn-1' },
];
const OTHERS = [{ type: 'hello' }, { ...SAID, visitor: '' }, {}, null, 'text'];
